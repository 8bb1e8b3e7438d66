import type { EmbeddingModelV4, EmbeddingModelV4CallOptions, EmbeddingModelV4Result } from "@ai-sdk/provider";
import { UnsupportedError, type EmbedRole, type Embedder } from "@binnacle/core";
import { callHeadersOf } from "./call-headers-of.ts";

/** Options of `toAISDK` for an embedder. */
export interface EmbeddingModelOptions {
  /** Name of the model in the AI SDK. @default "embedder" */
  readonly modelId?: string | undefined;
  /**
   * Role of all texts, because the AI SDK knows no roles. Create a second model for the other role. @default
   * "document"
   */
  readonly role?: EmbedRole | undefined;
}

/** An embedder as an embedding model of the AI SDK. It splits long lists by itself. */
export class BinnacleEmbeddingModel implements EmbeddingModelV4 {
  readonly specificationVersion = "v4";
  readonly provider = "binnacle";
  readonly modelId: string;
  /** No limit, because the embedder splits its batches itself. */
  readonly maxEmbeddingsPerCall: number = Infinity;
  readonly supportsParallelCalls = true;
  readonly #embedder: Embedder;
  readonly #role: EmbedRole;

  constructor(embedder: Embedder, { modelId = "embedder", role = "document" }: EmbeddingModelOptions) {
    this.#embedder = embedder;
    this.#role = role;
    this.modelId = modelId;
  }

  /** Embeds the values. Throws the error of the first bad value, because the AI SDK has no partial results. */
  async doEmbed(options: EmbeddingModelV4CallOptions): Promise<EmbeddingModelV4Result> {
    const { values, dimensions, abortSignal: signal, headers } = options;
    const call = { signal, ...callHeadersOf(headers) };
    if (dimensions !== undefined) await this.#checkDimensions(dimensions, call);
    const { outcomes, usage } = await this.#embedder.embed(values, { role: this.#role, ...call });
    const embeddings = outcomes.map((outcome) => {
      if (outcome instanceof Float32Array) return Array.from(outcome);
      throw outcome;
    });
    return { embeddings, warnings: [], ...(usage === undefined ? {} : { usage: { tokens: usage.tokens } }) };
  }

  async #checkDimensions(wanted: number, call: { readonly signal?: AbortSignal | undefined }): Promise<void> {
    const { space } = await this.#embedder.describe(call);
    if (space.dimensions === wanted) return;
    throw new UnsupportedError(
      `toAISDK: the embedder's vectors have ${space.dimensions} dimensions, not ${wanted}; set the dimensions in the embedder's options`,
      { capability: "dimensions" },
    );
  }
}
