import { z } from "zod";
import { AdmissionError } from "../../errors/admission-error.ts";
import { ConfigurationError } from "../../errors/configuration-error.ts";
import type { CallOptions } from "../../spec/call-options.ts";
import { parseOptions } from "../parsing/parse-options.ts";
import { clockSchema } from "../time/clock-schema.ts";
import type { Clock } from "../time/clock.ts";
import { once } from "../once.ts";
import { whenCutShort } from "../time/when-cut-short.ts";

/** Options of {@link createLimiter}. */
export interface LimiterOptions {
  /** Most weight that runs at the same time, at least 1. */
  readonly limit: number;
  /** Most waiting calls. @default 1_000 */
  readonly maxWaiting?: number | undefined;
  /** Most waiting weight. @default none */
  readonly maxWaitingWeight?: number | undefined;
  /** Time and timers. Tests pass a clock of their own. @default the machine's clock */
  readonly clock?: Clock | undefined;
}

/** Options of {@link Limiter.acquire} and {@link Limiter.run}. */
export interface AcquireOptions extends Pick<CallOptions, "signal" | "deadlineAt"> {
  /** Calls with higher numbers run first. Calls with equal numbers run in order of arrival. @default 0 */
  readonly priority?: number | undefined;
  /** The part of the limit that the call uses, such as its tokens or bytes. @default 1 */
  readonly weight?: number | undefined;
}

/** The right to run one call. Release it on every path. */
export interface Permit extends Disposable {
  /** Returns the weight to the limiter. Only the first call counts. */
  release(): void;
}

/** Runs calls up to a limit of their total weight and queues the rest. */
export interface Limiter {
  readonly limit: number;
  /** Weight of the running calls. */
  readonly inUse: number;
  /** Number of waiting calls. */
  readonly waiting: number;
  /**
   * Resolves when the call may run. A call heavier than the whole limit runs alone. If the queue is full, the
   * newest call of the lowest priority rejects with an `AdmissionError` of code `overloaded`. An abort
   * rejects with `signal.reason`, a deadline with a `TimeoutError` of phase `queue`.
   */
  acquire(options?: AcquireOptions): Promise<Permit>;
  /** Acquires a permit, runs the call, and releases the permit. */
  run<T>(call: () => Promise<T>, options?: AcquireOptions): Promise<T>;
  /** Changes the limit. Running calls continue if it shrinks. */
  setLimit(limit: number): void;
}

interface Waiter {
  readonly priority: number;
  readonly weight: number;
  grant(): void;
  refuse(): void;
}

const schema = once(() =>
  z.strictObject({
    limit: z.number().min(1),
    maxWaiting: z.int().min(0).default(1_000),
    maxWaitingWeight: z.number().positive().optional(),
    clock: clockSchema(),
  }),
);

/** Creates a limiter. Throws a `ConfigurationError` for invalid options. */
export function createLimiter(options: LimiterOptions): Limiter {
  const { limit, maxWaiting, maxWaitingWeight, clock } = parseOptions("createLimiter", schema(), options);
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
    if (!(limit >= 1)) throw new ConfigurationError(`Limiter: \`limit\` must be at least 1, got ${limit}`);
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
      const message = `Limiter: \`weight\` must be above 0 and \`priority\` a number, got ${weight} and ${priority}`;
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
        this.#admit(); // the removed call may have blocked lighter calls
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

  /** Runs the first calls that fit. A call that does not fit blocks the calls after it. */
  #admit(): void {
    for (let [next] = this.#waiters; next !== undefined; [next] = this.#waiters) {
      if (this.#inUse > 0 && this.#inUse + next.weight > this.#limit) return;
      this.#remove(next);
      next.grant();
    }
  }

  /** Refuses the last calls of the queue until the queue is within its bounds. */
  #shed(newest: Waiter): void {
    // A call that alone exceeds the queue's bound must not remove all other calls first.
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
    const message = `The limiter is full: ${this.#waiters.length} calls are waiting, and ${this.#inUse} of ${this.#limit} are in use. Try again later, or send fewer calls.`;
    return new AdmissionError("overloaded", message);
  }
}
