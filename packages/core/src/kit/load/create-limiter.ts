import { z } from "zod";
import { AdmissionError } from "../../errors/admission-error.ts";
import { ConfigurationError } from "../../errors/configuration-error.ts";
import type { CallOptions } from "../../spec/call-options.ts";
import { parseOptions } from "../parsing/parse-options.ts";
import { clockSchema } from "../time/clock-schema.ts";
import type { Clock } from "../time/clock.ts";
import { whenCutShort } from "../time/when-cut-short.ts";

/** Options of {@link createLimiter}. */
export interface LimiterOptions {
  /** Most weight under way at the same time; at least 1. */
  readonly limit: number;
  /** Most calls that wait. @default 1_000 */
  readonly maxWaiting?: number | undefined;
  /** Most weight that waits. @default none */
  readonly maxWaitingWeight?: number | undefined;
  /** @default the machine's clock */
  readonly clock?: Clock | undefined;
}

/** Options of one call through a {@link Limiter}. */
export interface AcquireOptions extends Pick<CallOptions, "signal" | "deadlineAt"> {
  /** Higher numbers go first; equal numbers go in the order of their calls. @default 0 */
  readonly priority?: number | undefined;
  /** The part of the limit that the call takes: 1 per call, or its tokens or bytes. @default 1 */
  readonly weight?: number | undefined;
}

/** The right to run one call. Release it on every path. */
export interface Permit extends Disposable {
  /** Gives the weight back; only the first call counts. */
  release(): void;
}

/** Lets calls run up to a limit of their weights and queues the rest. */
export interface Limiter {
  readonly limit: number;
  /** Weight under way. */
  readonly inUse: number;
  /** Calls that wait. */
  readonly waiting: number;
  /**
   * Resolves when the call may run. Rejects with an `AdmissionError` of code `overloaded` if the queue is full: the
   * newest call of the lowest priority loses. Rejects with `signal.reason`, or a `TimeoutError` of phase `queue`.
   * A call heavier than the whole limit runs alone.
   */
  acquire(options?: AcquireOptions): Promise<Permit>;
  /** Runs a call within a permit. */
  run<T>(call: () => Promise<T>, options?: AcquireOptions): Promise<T>;
  /** Changes the limit. Calls under way go on if it shrinks. */
  setLimit(limit: number): void;
}

interface Waiter {
  readonly priority: number;
  readonly weight: number;
  grant(): void;
  refuse(): void;
}

const schema = z.strictObject({
  limit: z.number().min(1),
  maxWaiting: z.int().min(0).default(1_000),
  maxWaitingWeight: z.number().positive().optional(),
  clock: clockSchema,
});

/** Makes a limiter. Throws `ConfigurationError`. */
export function createLimiter(options: LimiterOptions): Limiter {
  const { limit, maxWaiting, maxWaitingWeight, clock } = parseOptions("createLimiter", schema, options);
  return new QueueingLimiter(limit, maxWaiting, maxWaitingWeight ?? Infinity, clock);
}

class QueueingLimiter implements Limiter {
  readonly #maxWaiting: number;
  readonly #maxWaitingWeight: number;
  readonly #clock: Clock;
  /** In the order in which they will run. */
  readonly #waiters: Waiter[] = [];
  #waitingWeight = 0;
  #limit: number;
  #inUse = 0;
  #held = 0;

  constructor(limit: number, maxWaiting: number, maxWaitingWeight: number, clock: Clock) {
    this.#limit = limit;
    this.#maxWaiting = maxWaiting;
    this.#maxWaitingWeight = maxWaitingWeight;
    this.#clock = clock;
  }

  get limit(): number {
    return this.#limit;
  }

  get inUse(): number {
    return this.#inUse;
  }

  get waiting(): number {
    return this.#waiters.length;
  }

  setLimit(limit: number): void {
    if (!(limit >= 1)) throw new ConfigurationError(`Limiter: limit must be at least 1, got ${limit}`);
    this.#limit = limit;
    this.#admit();
  }

  async run<T>(call: () => Promise<T>, options?: AcquireOptions): Promise<T> {
    using _permit = await this.acquire(options);
    options?.signal?.throwIfAborted();
    return await call();
  }

  acquire(options: AcquireOptions = {}): Promise<Permit> {
    const { priority = 0, weight = 1 } = options;
    if (!(weight > 0 && weight < Infinity) || Number.isNaN(priority)) {
      const message = `Limiter: weight must be above 0 and priority a number, got ${weight} and ${priority}`;
      return Promise.reject(new ConfigurationError(message));
    }
    return new Promise((resolve, reject) => {
      let stopWatching = (): void => undefined;
      const waiter: Waiter = {
        priority,
        weight,
        grant: () => {
          stopWatching();
          resolve(this.#permit(weight));
        },
        refuse: () => {
          stopWatching();
          reject(this.#overloaded());
        },
      };
      this.#enqueue(waiter);
      const wait = { phase: "queue", what: "waiting for a free slot" };
      let isCut = false;
      stopWatching = whenCutShort(options, this.#clock, wait, (reason) => {
        isCut = true;
        this.#remove(waiter);
        reject(reason);
        this.#admit(); // a heavy call that has left may have held back lighter ones
      });
      if (isCut) return;
      this.#admit();
      this.#shed(waiter);
    });
  }

  #permit(weight: number): Permit {
    this.#held += 1;
    this.#inUse += weight;
    let isHeld = true;
    const release = (): void => {
      if (!isHeld) return;
      isHeld = false;
      this.#held -= 1;
      // Fractions such as 0.1 + 0.2 leave a remainder, which would hold back a heavy call for ever.
      this.#inUse = this.#held === 0 ? 0 : this.#inUse - weight;
      this.#admit();
    };
    return { release, [Symbol.dispose]: release };
  }

  #enqueue(waiter: Waiter): void {
    const before = this.#waiters.findLastIndex(({ priority }) => priority >= waiter.priority);
    this.#waiters.splice(before + 1, 0, waiter);
    this.#waitingWeight += waiter.weight;
  }

  #remove(waiter: Waiter): void {
    const index = this.#waiters.indexOf(waiter);
    if (index === -1) return;
    this.#waiters.splice(index, 1);
    this.#waitingWeight = this.#waiters.length === 0 ? 0 : this.#waitingWeight - waiter.weight;
  }

  /** Runs the first calls for which there is room. A call that does not fit holds back those behind it. */
  #admit(): void {
    for (let [next] = this.#waiters; next !== undefined; [next] = this.#waiters) {
      if (this.#inUse > 0 && this.#inUse + next.weight > this.#limit) return;
      this.#remove(next);
      next.grant();
    }
  }

  /** Refuses the last calls of the queue until it is within its bounds. */
  #shed(newest: Waiter): void {
    // A call that is too heavy for the queue by itself must not push out all the others first.
    if (newest.weight > this.#maxWaitingWeight && this.#waiters.includes(newest)) {
      this.#remove(newest);
      newest.refuse();
    }
    while (this.#waiters.length > this.#maxWaiting || this.#waitingWeight > this.#maxWaitingWeight) {
      const last = this.#waiters.at(-1);
      if (last === undefined) return;
      this.#remove(last);
      last.refuse();
    }
  }

  #overloaded(): AdmissionError {
    const message = `${this.#waiters.length} calls wait already and ${this.#inUse} of ${this.#limit} are in use; try again later or send less`;
    return new AdmissionError("overloaded", message);
  }
}
