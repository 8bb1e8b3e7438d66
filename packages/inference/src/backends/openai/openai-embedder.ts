import {
  InvalidResponseError,
  type CallOptions,
  type EmbedInput,
  type EmbedOptions,
  type EmbedResult,
  type Embedder,
  type EmbedderInfo,
} from "@binnacle/core";
import { embedInBatches } from "../../embedding/embed-in-batches.ts";
import { parseEmbeddings, type Embeddings } from "../../embedding/parse-embeddings.ts";
import { vectorSpace } from "../../embedding/space-id.ts";
import { closedError, remembered, type Remembered } from "../../remembered.ts";
import { withDeadline } from "../../with-deadline.ts";
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
  readonly #info: Remembered<EmbedderInfo>;
  #closed = false;

  /** Connects to nothing yet. Throws `ConfigurationError`. */
  constructor(options: OpenAIEmbedderOptions) {
    this.#settings = parseEmbedderOptions(options);
    this.#wire = createOpenAIWire(component, this.#settings);
    this.#info = remembered(() => this.#ask());
  }

  /** Embeds one letter to learn the number of dimensions; the protocol says nothing else. */
  async describe(options: CallOptions = {}): Promise<EmbedderInfo> {
    if (this.#closed) throw closedError(component);
    return withDeadline(this.#wire.source, options, ({ signal }) => this.#info.get(signal));
  }

  async embed(inputs: readonly EmbedInput[], options: EmbedOptions): Promise<EmbedResult> {
    if (this.#closed) throw closedError(component);
    const { queryPrefix, documentPrefix, maxBatchBytes } = this.#settings;
    return withDeadline(this.#wire.source, options, async ({ signal, deadlineAt }) => {
      const { space, maxItems, concurrency } = await this.#info.get(signal);
      const prefix = options.role === "query" ? queryPrefix : documentPrefix;
      const send = (texts: readonly string[], batchSignal: AbortSignal): Promise<Embeddings> =>
        this.#send(texts, { ...options, signal: batchSignal, deadlineAt });
      const limits = { maxItems, maxBytes: maxBatchBytes, concurrency };
      return embedInBatches(inputs, { space, prefix, ...limits, signal, send }).catch((error: unknown) => {
        if (InvalidResponseError.isInstance(error)) this.#info.forget(); // another model may be served by now
        throw error;
      });
    });
  }

  /** Later calls reject. An app's own client is left as it is. */
  close(): Promise<void> {
    this.#closed = true;
    return Promise.resolve();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  async #ask(): Promise<EmbedderInfo> {
    const { maxItems, maxTokensPerItem, concurrency = 2 } = this.#settings;
    const { vectors } = await this.#send(["a"], {});
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
