import {
  AdmissionError,
  BinnacleError,
  type InferenceCallOptions,
  type EmbedInput,
  type EmbedOptions,
  type EmbedResult,
  type Embedder,
  type EmbedderInfo,
} from "@binnacle/core";
import { checkEmbedder, mapConcurrent, parseEmbedArguments, type Batcher } from "@binnacle/core/kit";
import {
  label,
  parseBatchingOptions,
  type BatchingEmbedderOptions,
  type BatchingSettings,
} from "./batching-embedder-options.ts";
import {
  createInputBatcher,
  type BatchedInput,
  type BatchedOutcome,
  type BatchGroup,
} from "./input-batcher.ts";

const mostGroups = 256;

/**
 * Creates an embedder that combines the inputs of many calls into batches, so that many small calls need few
 * requests. A batch holds inputs of one role, tenant and priority. It has the `affinity` and `requestId` that all
 * its calls share, and the lowest `maxAttempts`. A bad input is an error only in its own outcome, and
 * an abort removes only the inputs of its own call. The `usage` of a result is its share of the batches'
 * tokens, by length.
 */
export function createBatchingEmbedder(embedder: Embedder, options: BatchingEmbedderOptions = {}): Embedder {
  checkEmbedder(label, embedder);
  return new BatchingEmbedder(embedder, parseBatchingOptions(options));
}

class BatchingEmbedder implements Embedder {
  readonly #embedder: Embedder;
  readonly #settings: BatchingSettings;
  readonly #batchers = new Map<string, Batcher<BatchedInput, BatchedOutcome>>();
  #spaceId = "";
  #isClosed = false;

  constructor(embedder: Embedder, settings: BatchingSettings) {
    this.#embedder = embedder;
    this.#settings = settings;
  }

  async describe(options?: InferenceCallOptions): Promise<EmbedderInfo> {
    this.#assertOpen();
    const info = await this.#embedder.describe(options);
    const { maxItems, concurrency = info.concurrency } = this.#settings;
    return { ...info, maxItems: Math.min(maxItems, info.maxItems), concurrency };
  }

  async embed(inputs: readonly EmbedInput[], options: EmbedOptions): Promise<EmbedResult> {
    this.#assertOpen();
    parseEmbedArguments(label, inputs, options);
    if (inputs.length === 0) return await this.#embedder.embed(inputs, options);
    const info = await this.describe(options);
    const batcher = this.#batcherOf(info, options);
    const { signal, deadlineAt } = options;
    // This limit lets a long call fill the batches but not the queue, which other callers need too.
    const concurrency = info.maxItems * (info.concurrency + 1);
    const outcomes = await mapConcurrent(inputs, { concurrency, signal }, (input, _index, inputSignal) =>
      batcher.add({ input, options }, { signal: inputSignal, deadlineAt }),
    );
    const counts = outcomes.map(({ tokens }) => tokens).filter((tokens) => tokens !== undefined);
    const usage = counts.length === 0 ? undefined : { tokens: counts.reduce((sum, tokens) => sum + tokens) };
    return { spaceId: info.space.id, outcomes: outcomes.map(({ outcome }) => outcome), usage };
  }

  /**
   * Rejects waiting inputs and aborts running batches. The inner embedder stays open, because its owner
   * closes it.
   */
  async close(): Promise<void> {
    this.#isClosed = true;
    await Promise.all([...this.#batchers.values()].map((batcher) => batcher.close()));
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  #batcherOf(info: EmbedderInfo, group: BatchGroup): Batcher<BatchedInput, BatchedOutcome> {
    this.#assertOpen();
    // A new model has a new space. The batchers of the old space end with the calls that use them.
    if (info.space.id !== this.#spaceId) this.#batchers.clear();
    this.#spaceId = info.space.id;
    const { role, tenant = "", priority = 0 } = group;
    const key = JSON.stringify([role, tenant, priority]);
    const known = this.#batchers.get(key);
    if (known !== undefined) return known;
    this.#makeRoom();
    const batcher = createInputBatcher(this.#embedder, this.#settings, info, group);
    this.#batchers.set(key, batcher);
    return batcher;
  }

  /** Forgets the batchers that hold nothing, so that tenants of long ago take no memory. */
  #makeRoom(): void {
    if (this.#batchers.size < mostGroups) return;
    for (const [key, { waiting, running }] of this.#batchers) {
      if (waiting === 0 && running === 0) this.#batchers.delete(key);
    }
    if (this.#batchers.size < mostGroups) return;
    const message = `${label}: inputs of ${mostGroups} tenants and priorities are waiting. Try again later.`;
    throw new AdmissionError("overloaded", message);
  }

  #assertOpen(): void {
    if (this.#isClosed)
      throw new BinnacleError("closed", "createBatchingEmbedder: the embedder is closed. Create a new one.");
  }
}
