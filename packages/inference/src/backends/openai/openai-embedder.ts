import {
  InvalidResponseError,
  type EmbedInput,
  type EmbedOptions,
  type EmbedResult,
  type Embedder,
  type EmbedderInfo,
  type InferenceCallOptions,
} from "@binnacle/core";
import { createServerEmbedder, type ServerEmbedder } from "../../embedding/create-server-embedder.ts";
import { embeddingsInput } from "../../embedding/embeddings-input.ts";
import { parseEmbeddings, type Embeddings } from "../../embedding/parse-embeddings.ts";
import { parseVectorJson } from "../../embedding/parse-vector-json.ts";
import { VectorEncoding } from "../../embedding/vector-encoding.ts";
import { vectorSpace } from "../../embedding/vector-space.ts";
import type { ModelServer } from "../../server/model-server.ts";
import {
  parseEmbedderOptions,
  type OpenAIEmbedderOptions,
  type OpenAIEmbedderSettings,
} from "./openai-options.ts";
import { createOpenAIServer } from "./openai-server.ts";

/** Embeds with OpenAI or any server of its protocol, through the `openai` package. Vectors have length 1. */
export class OpenAIEmbedder implements Embedder {
  readonly #settings: OpenAIEmbedderSettings;
  readonly #encoding: VectorEncoding = new VectorEncoding();
  readonly #server: ModelServer;
  readonly #embedder: ServerEmbedder;

  /** Opens no connection yet. Throws `ConfigurationError` if an option is invalid. */
  constructor(options: OpenAIEmbedderOptions) {
    this.#settings = parseEmbedderOptions(options);
    this.#server = createOpenAIServer("OpenAIEmbedder", this.#settings);
    this.#embedder = createServerEmbedder({
      server: this.#server,
      settings: this.#settings,
      ask: (signal) => this.#ask({ signal }),
      send: (items, call) => this.#send(embeddingsInput(items), call),
    });
  }

  /**
   * Returns the vector space and the limits. The first call embeds one letter to count the dimensions,
   * because the protocol reports nothing.
   */
  describe(options?: InferenceCallOptions): Promise<EmbedderInfo> {
    return this.#embedder.describe(options);
  }

  embed(inputs: readonly EmbedInput[], options: EmbedOptions): Promise<EmbedResult> {
    return this.#embedder.embed(inputs, options);
  }

  /** Ends the driver: later calls reject. A client that you passed in stays open. */
  close(): Promise<void> {
    return this.#embedder.close();
  }

  /** The same as `close()`. */
  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  async #ask(options: InferenceCallOptions): Promise<EmbedderInfo> {
    const { maxItems, maxTokensPerItem, concurrency = 2 } = this.#settings;
    const { vectors } = await this.#send(["a"], options);
    const dimensions = vectors[0]?.length ?? 0;
    this.#checkDimensions(dimensions);
    return {
      space: vectorSpace({ ...this.#settings, dimensions }),
      accepts: ["text"],
      maxItems,
      maxTokensPerItem,
      concurrency,
    };
  }

  /**
   * Throws an `InvalidResponseError` if the server ignored the requested dimensions, as llama-server does.
   */
  #checkDimensions(got: number): void {
    const { dimensions: wanted = got } = this.#settings;
    if (got === wanted) return;
    throw new InvalidResponseError(
      `${this.#server.label}: asked for ${wanted} dimensions, got ${got}; remove dimensions or use a model whose vectors can be shortened`,
    );
  }

  #send(input: readonly unknown[], options: InferenceCallOptions): Promise<Embeddings> {
    const { model, dimensions, requestTimeoutMs: timeoutMs } = this.#settings;
    const wish = dimensions === undefined ? {} : { dimensions };
    const path = "/embeddings";
    return this.#encoding.send((format) => {
      const json = { model, input, encoding_format: format, ...wish };
      return this.#server.json(
        { method: "POST", path, json, parseJson: parseVectorJson },
        (body) => parseEmbeddings(this.#server.label, body, input.length),
        { ...options, timeoutMs },
      );
    });
  }
}
