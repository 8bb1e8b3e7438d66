import {
  InvalidResponseError,
  type CallOptions,
  type EmbedInput,
  type EmbedOptions,
  type EmbedResult,
  type Embedder,
  type EmbedderInfo,
} from "@binnacle/core";
import { parseEmbeddings, type Embeddings } from "../../embedding/parse-embeddings.ts";
import { vectorSpace } from "../../embedding/space-id.ts";
import { createTextEmbedder, type TextEmbedder } from "../../embedding/text-embedder.ts";
import {
  parseEmbedderOptions,
  type OpenAIEmbedderOptions,
  type OpenAIEmbedderSettings,
} from "./openai-options.ts";
import { createOpenAIWire, type OpenAIWire } from "./openai-wire.ts";

const component = "OpenAIEmbedder";

/** Embeddings by OpenAI or any server of its protocol, through the `openai` package. Vectors have length 1. */
export class OpenAIEmbedder implements Embedder {
  readonly #settings: OpenAIEmbedderSettings;
  readonly #wire: OpenAIWire;
  readonly #embedder: TextEmbedder;

  /** Connects to nothing yet. Throws `ConfigurationError`. */
  constructor(options: OpenAIEmbedderOptions) {
    this.#settings = parseEmbedderOptions(options);
    this.#wire = createOpenAIWire(component, this.#settings);
    this.#embedder = createTextEmbedder({
      component,
      source: this.#wire.source,
      settings: this.#settings,
      ask: (signal) => this.#ask({ signal }),
      send: (texts, call) => this.#send(texts, call),
      close: () => this.#wire.close(),
    });
  }

  /** Embeds one letter to learn the number of dimensions; the protocol says nothing else. */
  describe(options?: CallOptions): Promise<EmbedderInfo> {
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

  async #ask(options: CallOptions): Promise<EmbedderInfo> {
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
      `${this.#wire.source}: asked for ${wanted} dimensions, got ${got}; leave out dimensions or use a model that can be cut`,
    );
  }

  #send(input: readonly string[], options: CallOptions): Promise<Embeddings> {
    const { model, dimensions, requestTimeoutMs } = this.#settings;
    const wish = dimensions === undefined ? {} : { dimensions };
    return this.#wire.post(
      "/embeddings",
      { model, input, encoding_format: "base64", ...wish },
      (body) => parseEmbeddings(this.#wire.source, body, input.length),
      { ...options, timeoutMs: requestTimeoutMs },
    );
  }
}
