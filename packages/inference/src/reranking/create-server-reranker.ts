import {
  BinnacleError,
  InvalidResponseError,
  type InferenceCallOptions,
  type Reranker,
  type RerankerInfo,
  type RerankResult,
} from "@binnacle/core";
import { describeValue } from "@binnacle/core/kit";
import { sendInBatches } from "../batching/send-in-batches.ts";
import { checkCallOptions } from "../server/call-options.ts";
import { called, closedError } from "../server/called.ts";
import type { ServerIdentity } from "../server/model-server.ts";
import { remembered, type Remembered } from "../server/remembered.ts";
import { checkRerankArguments } from "./check-rerank-arguments.ts";
import type { Scores } from "./parse-scores.ts";
import type { RerankingSettings } from "./reranking-options.ts";

/** The parts that a driver supplies to {@link createServerReranker}. */
export interface ServerRerankerOptions {
  readonly server: ServerIdentity & { close(): Promise<void> };
  readonly settings: RerankingSettings;
  /** Asks the server for the reranker's facts. The answer is remembered. */
  readonly ask: (signal: AbortSignal) => Promise<RerankerInfo>;
  /** Sends one batch of documents, none of them empty. */
  readonly send: (
    query: string,
    documents: readonly string[],
    options: InferenceCallOptions,
  ) => Promise<Scores>;
}

/** A reranker with a way for its driver to report a lost server. */
export interface ServerReranker extends Reranker {
  /** Forgets the server's facts, so that the next call asks again. */
  forget(): void;
}

/** Creates a reranker from a driver's parts. Batches, deadlines and closing are the same for all drivers. */
export function createServerReranker(options: ServerRerankerOptions): ServerReranker {
  return new BatchingReranker(options);
}

class BatchingReranker implements ServerReranker {
  readonly #server: ServerRerankerOptions["server"];
  readonly #settings: RerankingSettings;
  readonly #send: ServerRerankerOptions["send"];
  readonly #info: Remembered<RerankerInfo>;
  #closed = false;

  constructor({ server, settings, ask, send }: ServerRerankerOptions) {
    this.#server = server;
    this.#settings = settings;
    this.#send = send;
    this.#info = remembered(ask);
  }

  async describe(options: InferenceCallOptions = {}): Promise<RerankerInfo> {
    this.#check(options);
    return called(this.#server, options, ({ signal }) => this.#info.get(signal));
  }

  async rerank(
    query: string,
    documents: readonly string[],
    options: InferenceCallOptions = {},
  ): Promise<RerankResult> {
    this.#check(options);
    checkRerankArguments(this.#server.label, query, documents);
    return called(this.#server, options, async ({ signal, deadlineAt }) => {
      if (documents.length === 0) return { outcomes: [] };
      const { scores: kind, maxItems, concurrency } = await this.#info.get(signal);
      return sendInBatches<string, number>(documents.map(itemOf), {
        maxItems,
        maxBytes: this.#settings.maxBatchBytes,
        concurrency,
        signal,
        bytesOf: (document) => Buffer.byteLength(document),
        harmless: "a",
        hasSharedText: true,
        send: async (batch, batchSignal) => {
          const call = { ...options, signal: batchSignal, deadlineAt };
          const { scores, tokens } = await this.#send(query.toWellFormed(), batch, call);
          if (kind === "probability") checkProbabilities(this.#server.label, scores);
          return { outcomes: scores, tokens };
        },
      });
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

function itemOf(document: unknown): string | BinnacleError {
  if (typeof document !== "string")
    return new BinnacleError("empty_input", `a document must be a text, got ${describeValue(document)}`);
  if (document.trim() === "")
    return new BinnacleError("empty_input", "cannot score an empty document; leave it out");
  return document.toWellFormed();
}

function checkProbabilities(label: string, scores: readonly number[]): void {
  const wrong = scores.find((score) => score < 0 || score > 1);
  if (wrong === undefined) return;
  throw new InvalidResponseError(
    `${label}: expected scores from 0 to 1, got ${wrong}; set scores: "logit" for this model`,
  );
}
