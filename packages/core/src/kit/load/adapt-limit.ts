import { z } from "zod";
import { parseOptions } from "../parsing/parse-options.ts";
import { clockSchema } from "../time/clock-schema.ts";
import type { Clock } from "../time/clock.ts";
import { once } from "../once.ts";
import type { Limiter } from "./create-limiter.ts";

/** Options of {@link adaptLimit}. */
export interface AdaptLimitOptions {
  /** The lowest limit, at least 1. @default 1 */
  readonly min?: number | undefined;
  /** The highest limit. @default 1_000 */
  readonly max?: number | undefined;
  /** Factor by which an overload shrinks the limit, between 0 and 1. @default 0.7 */
  readonly backoff?: number | undefined;
  /** The limit shrinks if calls take longer than this factor times their usual latency. @default 1.5 */
  readonly tolerance?: number | undefined;
  /** Time and timers. Tests pass a clock of their own. @default the machine's clock */
  readonly clock?: Clock | undefined;
}

/** Adapts the limit of a limiter to the capacity of a server. Report each call before its permit is
 * released. */
export interface AdaptiveLimit {
  /**
   * Reports a success. The latency must not depend on the size of the call: give the time to the first token,
   * or the time per token. Without latencies, `limit` successes raise the limit by about 1.
   */
  succeeded(latencyMs?: number): void;
  /** Reports that the server is overloaded. `startedAt` is the clock's `monotonicNow()` at the start of the
   * call. */
  overloaded(startedAt: number): void;
}

/** The part of a {@link Limiter} that {@link adaptLimit} reads and changes. */
export type AdaptableLimit = Pick<Limiter, "limit" | "inUse" | "setLimit">;

const schema = once(() =>
  z
    .strictObject({
      min: z.number().min(1).default(1),
      max: z.number().min(1).default(1_000),
      backoff: z.number().gt(0).lt(1).default(0.7),
      tolerance: z.number().min(1).default(1.5),
      clock: clockSchema(),
    })
    .refine(({ min, max }) => min <= max, "min must not be above max"),
);

const smoothing = 0.5;
const fewestSamples = 10;
// The usual latency falls quickly but rises slowly. Otherwise a long overload would become the usual latency.
const downRate = 0.2;
const upRate = 0.001;

/**
 * Adapts the limit by two rules. An overload shrinks it by a factor, once for all calls that were running
 * (AIMD). Otherwise it follows the ratio of usual to current latency, one step per round of calls. That rule
 * is Gradient2 of Netflix's concurrency-limits. The limit grows only while at least half of it is in use.
 */
export function adaptLimit(limiter: AdaptableLimit, options: AdaptLimitOptions = {}): AdaptiveLimit {
  return new MovingLimit(limiter, parseOptions("adaptLimit", schema(), options));
}

class MovingLimit implements AdaptiveLimit {
  readonly #limiter: AdaptableLimit;
  readonly #settings: z.output<ReturnType<typeof schema>>;
  #limit: number;
  #usualMs: number | undefined;
  #roundSamples = 0;
  #roundSumMs = 0;
  #shrunkAt = -Infinity;

  constructor(limiter: AdaptableLimit, settings: z.output<ReturnType<typeof schema>>) {
    this.#limiter = limiter;
    this.#settings = settings;
    this.#limit = limiter.limit;
    this.#moveTo(limiter.limit);
  }

  succeeded(latencyMs?: number): void {
    if (latencyMs === undefined) {
      if (this.#isUsed) this.#moveTo(this.#limit + 1 / this.#limit);
      return;
    }
    this.#roundSamples += 1;
    this.#roundSumMs += latencyMs;
    if (this.#roundSamples < Math.max(fewestSamples, this.#limit)) return;
    this.#endRound(this.#roundSumMs / this.#roundSamples);
    this.#roundSamples = 0;
    this.#roundSumMs = 0;
  }

  overloaded(startedAt: number): void {
    if (startedAt <= this.#shrunkAt) return;
    this.#shrunkAt = this.#settings.clock.monotonicNow();
    this.#moveTo(this.#limit * this.#settings.backoff);
  }

  get #isUsed(): boolean {
    return this.#limiter.inUse >= this.#limit / 2;
  }

  #endRound(latencyMs: number): void {
    const before = this.#usualMs ?? latencyMs;
    const usualMs = before + (latencyMs - before) * (latencyMs < before ? downRate : upRate);
    this.#usualMs = usualMs;
    const ratio = (this.#settings.tolerance * usualMs) / Math.max(latencyMs, Number.MIN_VALUE);
    // The square root is the allowed queue. Without it the limit could not grow.
    const wanted = this.#limit * Math.min(1, Math.max(0.5, ratio)) + Math.sqrt(this.#limit);
    const next = this.#limit + smoothing * (wanted - this.#limit);
    if (next < this.#limit || this.#isUsed) this.#moveTo(next);
  }

  #moveTo(wanted: number): void {
    const { min, max } = this.#settings;
    this.#limit = Math.min(max, Math.max(min, wanted));
    this.#limiter.setLimit(Math.floor(this.#limit));
  }
}
