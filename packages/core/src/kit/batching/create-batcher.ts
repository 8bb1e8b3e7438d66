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
import { once } from "../once.ts";
import { runBatch, type RunBatchOptions } from "./run-batch.ts";

/** Options of {@link createBatcher}. */
export interface BatcherOptions<T, R> extends BatchLimits<T>, RunBatchOptions<T, R> {
  /** Longest wait of an item for other items, in milliseconds. 0 gathers the items of the same turn. @default
   * 5 */
  readonly maxDelayMs?: number | undefined;
  /** Most batches that run at the same time. While they all run, items wait longer than `maxDelayMs`.
   * @default 1 */
  readonly concurrency?: number | undefined;
  /** Most waiting items. Further items reject with an `AdmissionError` of code `overloaded`. @default
   * 1_000 */
  readonly maxWaiting?: number | undefined;
  /** Time and timers. Tests pass a clock of their own. @default the machine's clock */
  readonly clock?: Clock | undefined;
}

/** Gathers the items of many callers into batches, in the order of arrival. */
export interface Batcher<T, R> extends Closable {
  /** Number of items that wait for a batch. */
  readonly waiting: number;
  /** Number of running batches. */
  readonly running: number;
  /**
   * Resolves with the outcome of this item. An abort rejects immediately with `signal.reason` and removes
   * only this item from its batch. The batch is aborted once no caller waits for it.
   */
  add(item: T, options?: Pick<CallOptions, "signal" | "deadlineAt">): Promise<R>;
}

const schema = once(() =>
  z.strictObject({
    maxDelayMs: z.number().min(0).default(5),
    concurrency: z.int().positive().default(1),
    maxWaiting: z.int().positive().default(1_000),
    clock: clockSchema(),
  }),
);

/** Creates a batcher. Throws a `ConfigurationError` for invalid options. */
export function createBatcher<T, R>(options: BatcherOptions<T, R>): Batcher<T, R> {
  const { maxItems, maxTokens, maxBytes, tokensOf, bytesOf, run, splitsOn, ...others } = options;
  const limits = { maxItems, maxTokens, maxBytes, tokensOf, bytesOf };
  checkBatchLimits("createBatcher", limits);
  return new DelayedBatcher(limits, { run, splitsOn }, parseOptions("createBatcher", schema(), others));
}

class DelayedBatcher<T, R> implements Batcher<T, R> {
  readonly #limits: BatchLimits<T>;
  readonly #runOptions: RunBatchOptions<T, R>;
  readonly #settings: z.output<ReturnType<typeof schema>>;
  #waiting: BatchEntry<T, R>[] = [];
  readonly #batches = new Set<readonly BatchEntry<T, R>[]>();
  #cancelTimer: (() => void) | undefined;
  #isClosed = false;

  constructor(
    limits: BatchLimits<T>,
    runOptions: RunBatchOptions<T, R>,
    settings: z.output<ReturnType<typeof schema>>,
  ) {
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
        `The batcher is full: ${maxWaiting} items are waiting. Try again later, or raise \`maxWaiting\`.`,
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

  /** Starts batches while `concurrency` allows it: full ones, and with `due` also those that waited long
   * enough. */
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
  return new BinnacleError("closed", "This batcher is closed. Create a new one.");
}
