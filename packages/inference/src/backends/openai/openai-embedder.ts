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
import { embeddingsInput } from "../../embedding/embeddings-body.ts";
import { parseEmbeddings, type Embeddings } from "../../embedding/parse-embeddings.ts";
import { vectorSpace } from "../../embedding/space-id.ts";
import type { ModelServer } from "../../server/model-server.ts";
import {
  parseEmbedderOptions,
  type OpenAIEmbedderOptions,
  type OpenAIEmbedderSettings,
} from "./openai-options.ts";
import { createOpenAIServer } from "./openai-server.ts";

/** Embeddings by OpenAI or any server of its protocol, through the `openai` package. Vectors have length 1. */
export class OpenAIEmbedder implements Embedder {
  readonly #settings: OpenAIEmbedderSettings;
  readonly #server: ModelServer;
  readonly #embedder: ServerEmbedder;

  /** Connects to nothing yet. Throws `ConfigurationError`. */
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

  /** Embeds one letter to learn the number of dimensions; the protocol says nothing else. */
  describe(options?: InferenceCallOptions): Promise<EmbedderInfo> {
    return this.#embedder.describe(options);
  }

  embed(inputs: readonly EmbedInput[], options: EmbedOptions): Promise<EmbedResult> {
    return this.#embedder.embed(inputs, options);
  }

  /** Later calls reject. An app's own client is left as it is. */
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

  /** Some servers ignore the wish, llama-server among them. */
  #checkDimensions(got: number): void {
    const { dimensions: wanted = got } = this.#settings;
    if (got === wanted) return;
    throw new InvalidResponseError(
      `${this.#server.label}: asked for ${wanted} dimensions, got ${got}; leave out dimensions or use a model that can be cut`,
    );
  }

  #send(input: readonly unknown[], options: InferenceCallOptions): Promise<Embeddings> {
    const { model, dimensions, requestTimeoutMs: timeoutMs } = this.#settings;
    const wish = dimensions === undefined ? {} : { dimensions };
    const json = { model, input, encoding_format: "base64", ...wish };
    return this.#server.json(
      { method: "POST", path: "/embeddings", json },
      (body) => parseEmbeddings(this.#server.label, body, input.length),
      { ...options, timeoutMs },
    );
  }
}
