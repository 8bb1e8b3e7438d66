import type {
  EmbedInput,
  EmbedOptions,
  EmbedResult,
  Embedder,
  EmbedderInfo,
  InferenceCallOptions,
} from "@binnacle/core";
import { createServerEmbedder, type ServerEmbedder } from "../../embedding/create-server-embedder.ts";
import type { EmbedItem } from "../../embedding/embed-item.ts";
import type { Embeddings } from "../../embedding/parse-embeddings.ts";
import { vectorSpace } from "../../embedding/vector-space.ts";
import type { BinaryModelServer } from "../../server/model-server.ts";
import { formatAfter, formatFields, readEmbeddings, type VectorFormat } from "./vllm-embeddings.ts";
import { askFacts } from "./vllm-facts.ts";
import { familyFields, familyOf, type ImageFamily } from "./vllm-image-families.ts";
import { parseEmbedderOptions, type VllmEmbedderOptions, type VllmEmbedderSettings } from "./vllm-options.ts";
import { createVllmServer } from "./vllm-server.ts";

const path = "/v1/embeddings";

/** Embeds with a vLLM server that was started with `--runner pooling`. Vectors have length 1. */
export class VllmEmbedder implements Embedder {
  readonly #settings: VllmEmbedderSettings;
  readonly #family: ImageFamily | undefined;
  readonly #server: BinaryModelServer;
  readonly #embedder: ServerEmbedder;
  /** The cheapest format that the server has not refused. */
  #format: VectorFormat = "bytes";

  /** Opens no connection yet. Throws `ConfigurationError` if an option is invalid. */
  constructor(options: VllmEmbedderOptions) {
    this.#settings = parseEmbedderOptions(options);
    const { images } = this.#settings;
    this.#family = images && familyOf[images];
    this.#server = createVllmServer("VllmEmbedder", this.#settings, () => this.#forget());
    this.#embedder = createServerEmbedder({
      server: this.#server,
      settings: this.#settings,
      ask: (signal) => this.#ask({ signal }),
      send: (items, call) => this.#send(items, call),
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
    const { model, images, pooling, maxItems, maxTokensPerItem, concurrency } = this.#settings;
    const facts = await askFacts(this.#server, model, options);
    const { vectors } = await this.#send(["a"], options);
    const traits = {
      ...this.#settings,
      model: facts.model,
      pooling: pooling === "model" ? (this.#family?.pooling ?? pooling) : pooling,
      template: images,
      dimensions: vectors[0]?.length ?? 0,
    };
    return {
      space: vectorSpace(traits),
      accepts: images === undefined ? ["text"] : ["text", "image", "text+image"],
      maxItems: images === undefined ? maxItems : 1, // the server takes one chat per request
      maxTokensPerItem: maxTokensPerItem ?? facts.contextTokens,
      concurrency: concurrency ?? 2,
    };
  }

  /** Sends a batch in the cheapest format, and again in the next one if the server refuses the format. */
  async #send(items: readonly EmbedItem[], options: InferenceCallOptions): Promise<Embeddings> {
    const format = this.#format;
    try {
      return await this.#sendAs(format, items, options);
    } catch (error) {
      const next = formatAfter(format, error);
      if (next === undefined) throw error;
      if (this.#format === format) this.#format = next;
      return this.#send(items, options);
    }
  }

  #sendAs(
    format: VectorFormat,
    items: readonly EmbedItem[],
    options: InferenceCallOptions,
  ): Promise<Embeddings> {
    const { model, dimensions, requestTimeoutMs: timeoutMs } = this.#settings;
    const [first = ""] = items;
    const json = {
      model,
      ...(this.#family === undefined ? { input: items } : familyFields(this.#family, first)),
      dimensions,
      ...formatFields(format, items.length),
    };
    return this.#server.bytes(
      { method: "POST", path, json },
      (answer) => readEmbeddings(`${this.#server.label}${path}`, answer, items.length),
      { ...options, timeoutMs },
    );
  }

  #forget(): void {
    this.#format = "bytes"; // a newer version may know a cheaper format
    this.#embedder.forget();
  }
}
