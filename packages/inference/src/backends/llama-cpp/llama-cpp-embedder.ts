import {
  InferenceError,
  type EmbedInput,
  type EmbedOptions,
  type EmbedResult,
  type Embedder,
  type EmbedderInfo,
  type InferenceCallOptions,
} from "@binnacle/core";
import { createServerEmbedder, type ServerEmbedder } from "../../embedding/create-server-embedder.ts";
import type { EmbedItem } from "../../embedding/embed-item.ts";
import { embeddingsInput } from "../../embedding/embeddings-input.ts";
import { parseEmbeddings, type Embeddings } from "../../embedding/parse-embeddings.ts";
import { parseVectorJson } from "../../embedding/parse-vector-json.ts";
import { VectorEncoding } from "../../embedding/vector-encoding.ts";
import { vectorSpace } from "../../embedding/vector-space.ts";
import type { ModelServer } from "../../server/model-server.ts";
import { askFacts } from "./llama-cpp-facts.ts";
import {
  parseEmbedderOptions,
  type LlamaCppEmbedderOptions,
  type LlamaCppEmbedderSettings,
} from "./llama-cpp-options.ts";
import { createLlamaCppServer } from "./llama-cpp-server.ts";

const path = "/v1/embeddings";

/** Embeds with a llama-server that was started with `--embeddings`. Vectors have length 1. */
export class LlamaCppEmbedder implements Embedder {
  readonly #settings: LlamaCppEmbedderSettings;
  readonly #encoding: VectorEncoding = new VectorEncoding();
  readonly #server: ModelServer;
  readonly #embedder: ServerEmbedder;

  /** Opens no connection yet. Throws `ConfigurationError` if an option is invalid. */
  constructor(options: LlamaCppEmbedderOptions) {
    this.#settings = parseEmbedderOptions(options);
    this.#server = createLlamaCppServer("LlamaCppEmbedder", this.#settings, () => this.#embedder.forget());
    this.#embedder = createServerEmbedder({
      server: this.#server,
      settings: this.#settings,
      ask: (signal) => this.#ask({ signal }),
      send: (items, call) => this.#send(embeddingsInput(items.map(endedByText)), call),
    });
  }

  describe(options?: InferenceCallOptions): Promise<EmbedderInfo> {
    return this.#embedder.describe(options);
  }

  embed(inputs: readonly EmbedInput[], options: EmbedOptions): Promise<EmbedResult> {
    return this.#embedder.embed(inputs, options);
  }

  close(): Promise<void> {
    return this.#embedder.close();
  }

  /** The same as `close()`. */
  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  async #ask(options: InferenceCallOptions): Promise<EmbedderInfo> {
    const { model, maxItems, maxTokensPerItem, concurrency } = this.#settings;
    const facts = await askFacts(this.#server, model, options);
    const { vectors } = await this.#send(["a"], options); // the vector's length can differ from the model's width
    const dimensions = vectors[0]?.length ?? 0;
    return {
      space: vectorSpace({ ...this.#settings, model: model ?? facts.model, dimensions }),
      accepts: facts.vision ? ["text", "image", "text+image"] : ["text"],
      maxItems,
      maxTokensPerItem: maxTokensPerItem ?? (await this.#askTokenLimit(facts.contextTokens, options)),
      concurrency: concurrency ?? facts.slots ?? 2,
    };
  }

  /**
   * Finds the most tokens that the server accepts in one text. A text must fit into a slot's context and
   * often also into the physical batch (`-ub`). The server reports the batch size only in a refusal. So this
   * sends one token too many, which the server refuses without computing.
   */
  async #askTokenLimit(
    contextTokens: number | undefined,
    options: InferenceCallOptions,
  ): Promise<number | undefined> {
    if (contextTokens === undefined) return undefined;
    const tooMany = Array<number>(contextTokens + 1).fill(0);
    try {
      await this.#send([tooMany], options);
      return undefined; // the server accepts more tokens than it reports, so no limit is known
    } catch (error) {
      if (!InferenceError.isInstance(error) || error.kind !== "too-long") throw error;
      const batch = /current batch size: (\d+)/.exec(error.message)?.[1];
      return batch === undefined ? contextTokens : Math.min(contextTokens, Number(batch));
    }
  }

  async #send(inputs: readonly unknown[], options: InferenceCallOptions): Promise<Embeddings> {
    const { model, requestTimeoutMs: timeoutMs } = this.#settings;
    const named = { ...(model === undefined ? {} : { model }), input: inputs };
    return this.#encoding.send((format) =>
      this.#server.json(
        { method: "POST", path, json: { ...named, encoding_format: format }, parseJson: parseVectorJson },
        (body) => parseEmbeddings(`${this.#server.label}${path}`, body, inputs.length),
        { ...options, timeoutMs },
      ),
    );
  }
}

/**
 * Adds a line break to an input whose last part is an image. Without a token after the image, build 11669 ends the
 * whole server (`GGML_ASSERT(batch.size() > 0)`).
 */
function endedByText(item: EmbedItem): EmbedItem {
  if (typeof item === "string" || item.at(-1)?.type !== "image") return item;
  return [...item, { type: "text", text: "\n" }];
}
