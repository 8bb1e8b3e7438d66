import {
  InferenceError,
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
import { askFacts } from "./llama-cpp-facts.ts";
import {
  parseEmbedderOptions,
  type LlamaCppEmbedderOptions,
  type LlamaCppEmbedderSettings,
} from "./llama-cpp-options.ts";
import { createLlamaCppServer, type LlamaCppCallOptions, type LlamaCppServer } from "./llama-cpp-server.ts";

const component = "LlamaCppEmbedder";
const path = "/v1/embeddings";

/** Embeddings by a llama-server that was started with `--embeddings`. Vectors have length 1. */
export class LlamaCppEmbedder implements Embedder {
  readonly #settings: LlamaCppEmbedderSettings;
  readonly #server: LlamaCppServer;
  readonly #embedder: TextEmbedder;

  /** Connects to nothing yet. Throws `ConfigurationError`. */
  constructor(options: LlamaCppEmbedderOptions) {
    this.#settings = parseEmbedderOptions(options);
    this.#server = createLlamaCppServer(component, this.#settings, () => this.#embedder.forget());
    this.#embedder = createTextEmbedder({
      component,
      source: this.#server.source,
      settings: this.#settings,
      ask: (signal) => this.#ask({ signal }),
      send: (texts, call) => this.#send(texts, call),
      close: () => this.#server.close(),
    });
  }

  describe(options?: CallOptions): Promise<EmbedderInfo> {
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

  async #ask(options: CallOptions): Promise<EmbedderInfo> {
    const { model, maxItems, maxTokensPerItem, concurrency } = this.#settings;
    const facts = await askFacts(this.#server, model, options);
    const { vectors } = await this.#send(["a"], options); // the length of a vector is not always the model's width
    const dimensions = vectors[0]?.length ?? 0;
    return {
      space: vectorSpace({ ...this.#settings, model: model ?? facts.model, dimensions }),
      accepts: ["text"],
      maxItems,
      maxTokensPerItem: maxTokensPerItem ?? (await this.#askTokenLimit(facts.contextTokens, options)),
      concurrency: concurrency ?? facts.slots ?? 2,
    };
  }

  /**
   * One text must fit both into a slot's context, which the server tells, and often into its physical batch (`-ub`),
   * which it tells only when it refuses: so it is given one token too many, which it refuses without computing.
   */
  async #askTokenLimit(contextTokens: number | undefined, options: CallOptions): Promise<number | undefined> {
    if (contextTokens === undefined) return undefined;
    const tooMany = Array<number>(contextTokens + 1).fill(0);
    try {
      await this.#send([tooMany], options);
      return undefined; // it takes more than it says: no limit is known
    } catch (error) {
      if (!InferenceError.isInstance(error) || error.kind !== "too-long") throw error;
      const batch = /current batch size: (\d+)/.exec(error.message)?.[1];
      return batch === undefined ? contextTokens : Math.min(contextTokens, Number(batch));
    }
  }

  async #send(
    inputs: readonly (string | readonly number[])[],
    options: LlamaCppCallOptions,
  ): Promise<Embeddings> {
    const { model, requestTimeoutMs } = this.#settings;
    const json = { ...(model === undefined ? {} : { model }), input: inputs, encoding_format: "base64" };
    return this.#server.json(
      { method: "POST", path, json },
      (body) => parseEmbeddings(`${this.#server.source}${path}`, body, inputs.length),
      { ...options, headersTimeoutMs: requestTimeoutMs },
    );
  }
}
