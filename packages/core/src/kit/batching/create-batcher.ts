import { z } from "zod";
import { AdmissionError } from "../../errors/admission-error.ts";
import { BinnacleError } from "../../errors/binnacle-error.ts";
import type { CallOptions, Closable } from "../../spec/call-options.ts";
import { parseOptions } from "../parsing/parse-options.ts";
import { clockSchema } from "../time/clock-schema.ts";
import type { Clock } from "../time/clock.ts";
import { whenCutShort } from "../time/when-cut-short.ts";
import { BatchEntry } from "./batch-entry.ts";
import { BatchSize, checkBatchLimits, sizeOf, type BatchLimits } from "./batch-limits.ts";
import { runBatch, type RunBatchOptions } from "./run-batch.ts";

/** Options of {@link createBatcher}. */
export interface BatcherOptions<T, R> extends BatchLimits<T>, RunBatchOptions<T, R> {
  /** How long an item waits for others, in milliseconds. 0 gathers what comes in the same turn. @default 5 */
  readonly maxDelayMs?: number | undefined;
  /** Batches under way at the same time. While that many are, items wait for longer than `maxDelayMs`. @default 1 */
  readonly concurrency?: number | undefined;
  /** Most items that wait; more reject with an `AdmissionError` of code `overloaded`. @default 1_000 */
  readonly maxWaiting?: number | undefined;
  /** @default the machine's clock */
  readonly clock?: Clock | undefined;
}

/** Gathers items of many callers into batches, in the order they came. */
export interface Batcher<T, R> extends Closable {
  /** Items that wait for a batch. */
  readonly waiting: number;
  /** Batches under way. */
  readonly running: number;
  /**
   * Resolves with the item's own outcome. An abort rejects at once with `signal.reason` and takes only this item out of
   * its batch; the batch itself is aborted once nobody waits for it any more.
   */
  add(item: T, options?: Pick<CallOptions, "signal" | "deadlineAt">): Promise<R>;
}

const schema = z.strictObject({
  maxDelayMs: z.number().min(0).default(5),
  concurrency: z.int().positive().default(1),
  maxWaiting: z.int().positive().default(1_000),
  clock: clockSchema,
});

/** Makes a batcher. Throws `ConfigurationError`. */
export function createBatcher<T, R>(options: BatcherOptions<T, R>): Batcher<T, R> {
  const { maxItems, maxTokens, maxBytes, tokensOf, bytesOf, run, splitsOn, ...others } = options;
  const limits = { maxItems, maxTokens, maxBytes, tokensOf, bytesOf };
  checkBatchLimits("createBatcher", limits);
  return new DelayedBatcher(limits, { run, splitsOn }, parseOptions("createBatcher", schema, others));
}

class DelayedBatcher<T, R> implements Batcher<T, R> {
  readonly #limits: BatchLimits<T>;
  readonly #runOptions: RunBatchOptions<T, R>;
  readonly #settings: z.output<typeof schema>;
  #waiting: BatchEntry<T, R>[] = [];
  readonly #batches = new Set<readonly BatchEntry<T, R>[]>();
  #cancelTimer: (() => void) | undefined;
  #isClosed = false;

  constructor(limits: BatchLimits<T>, runOptions: RunBatchOptions<T, R>, settings: z.output<typeof schema>) {
    this.#limits = limits;
    this.#runOptions = runOptions;
    this.#settings = settings;
  }

  get waiting(): number {
    return this.#waiting.length;
  }

  get running(): number {
    return this.#batches.size;
  }

  async add(item: T, options: Pick<CallOptions, "signal" | "deadlineAt"> = {}): Promise<R> {
    const { clock, maxWaiting } = this.#settings;
    options.signal?.throwIfAborted();
    if (this.#isClosed) throw closedError();
    if (this.#waiting.length >= maxWaiting) {
      throw new AdmissionError(
        "overloaded",
        `${maxWaiting} items wait already; try again later or send less`,
      );
    }
    const entry = new BatchEntry<T, R>(item, sizeOf(item, this.#limits), clock.monotonicNow());
    const wait = { phase: "total", what: "waiting for a batch" };
    const stopWatching = whenCutShort(options, clock, wait, (reason) => {
      this.#waiting = this.#waiting.filter((one) => one !== entry);
      entry.reject(reason);
    });
    if (!entry.isSettled) this.#waiting.push(entry);
    this.#start("full");
    try {
      return await entry.outcome;
    } finally {
      stopWatching();
    }
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    this.#cancelTimer?.();
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const entry of [...waiting, ...[...this.#batches].flat()]) entry.reject(closedError());
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  /** Starts batches as far as `concurrency` allows: the full ones, or those too that have waited long enough. */
  #start(which: "full" | "due"): void {
    while (this.#batches.size < this.#settings.concurrency) {
      const [first] = this.#waiting;
      if (first === undefined) return;
      const { count, isFull } = this.#nextBatch();
      const leftMs = first.addedAt + this.#settings.maxDelayMs - this.#settings.clock.monotonicNow();
      if (!isFull && (which === "full" || leftMs > 0)) return this.#startLater(Math.max(0, leftMs));
      void this.#run(this.#waiting.splice(0, count));
    }
  }

  #startLater(delayMs: number): void {
    this.#cancelTimer ??= this.#settings.clock.startTimer(delayMs, () => {
      this.#cancelTimer = undefined;
      this.#start("due");
    });
  }

  #nextBatch(): { readonly count: number; readonly isFull: boolean } {
    const size = new BatchSize(this.#limits);
    let count = 0;
    for (const entry of this.#waiting) {
      if (!size.fits(entry.size)) return { count, isFull: true };
      size.add(entry.size);
      count += 1;
    }
    return { count, isFull: size.isFull };
  }

  async #run(batch: readonly BatchEntry<T, R>[]): Promise<void> {
    this.#batches.add(batch);
    try {
      await runBatch(batch, this.#runOptions);
    } finally {
      this.#batches.delete(batch);
      this.#start("due");
    }
  }
}

function closedError(): BinnacleError {
  return new BinnacleError("closed", "this batcher was closed; make a new one");
}
