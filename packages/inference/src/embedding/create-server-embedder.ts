import {
  InvalidResponseError,
  type Embedder,
  type EmbedderInfo,
  type EmbedInput,
  type EmbedOptions,
  type EmbedResult,
  type InferenceCallOptions,
} from "@binnacle/core";
import { parseEmbedArguments } from "@binnacle/core/kit";
import { checkCallOptions } from "../server/call-options.ts";
import { called, closedError } from "../server/called.ts";
import type { ServerIdentity } from "../server/model-server.ts";
import { remembered, type Remembered } from "../server/remembered.ts";
import { embedInBatches } from "./embed-in-batches.ts";
import type { EmbedItem } from "./embed-item.ts";
import type { EmbeddingSettings } from "./embedding-options.ts";
import type { Embeddings } from "./parse-embeddings.ts";

/** The parts that a driver supplies to {@link createServerEmbedder}. */
export interface ServerEmbedderOptions {
  readonly server: ServerIdentity & { close(): Promise<void> };
  readonly settings: EmbeddingSettings;
  /** Asks the server for the embedder's facts. The answer is remembered. */
  readonly ask: (signal: AbortSignal) => Promise<EmbedderInfo>;
  /** Sends one batch of items, with their prefixes. */
  readonly send: (items: readonly EmbedItem[], options: EmbedOptions) => Promise<Embeddings>;
}

/** An embedder with a way for its driver to report a lost server. */
export interface ServerEmbedder extends Embedder {
  /** Forgets the server's facts, so that the next call asks again. */
  forget(): void;
}

/**
 * Creates an embedder from a driver's parts. Prefixes, batches, deadlines and closing are the same for all
 * drivers.
 */
export function createServerEmbedder(options: ServerEmbedderOptions): ServerEmbedder {
  return new BatchingEmbedder(options);
}

class BatchingEmbedder implements ServerEmbedder {
  readonly #server: ServerEmbedderOptions["server"];
  readonly #settings: EmbeddingSettings;
  readonly #send: ServerEmbedderOptions["send"];
  readonly #info: Remembered<EmbedderInfo>;
  #closed = false;

  constructor({ server, settings, ask, send }: ServerEmbedderOptions) {
    this.#server = server;
    this.#settings = settings;
    this.#send = send;
    this.#info = remembered(ask);
  }

  async describe(options: InferenceCallOptions = {}): Promise<EmbedderInfo> {
    this.#check(options);
    return called(this.#server, options, ({ signal }) => this.#info.get(signal));
  }

  async embed(inputs: readonly EmbedInput[], options: EmbedOptions): Promise<EmbedResult> {
    this.#check(options);
    parseEmbedArguments(this.#server.label, inputs, options);
    const { queryPrefix, documentPrefix, maxBatchBytes: maxBytes } = this.#settings;
    return called(this.#server, options, async ({ signal, deadlineAt }) => {
      if (inputs.length === 0) return { spaceId: this.#info.known()?.space.id ?? "", outcomes: [] };
      const { space, accepts, maxItems, concurrency } = await this.#info.get(signal);
      const prefix = options.role === "query" ? queryPrefix : documentPrefix;
      const send = (items: readonly EmbedItem[], batchSignal: AbortSignal): Promise<Embeddings> =>
        this.#send(items, { ...options, signal: batchSignal, deadlineAt });
      try {
        const limits = { prefix, accepts, maxItems, maxBytes, concurrency };
        return await embedInBatches(inputs, { ...limits, space, signal, send });
      } catch (error) {
        if (InvalidResponseError.isInstance(error)) this.forget(); // the server may have loaded another model
        throw error;
      }
    });
  }

  forget(): void {
    this.#info.forget();
  }

  async close(): Promise<void> {
    this.#closed = true;
    await this.#server.close();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  #check(options: InferenceCallOptions): void {
    if (this.#closed) throw closedError(this.#server);
    checkCallOptions(this.#server.label, options);
  }
}
