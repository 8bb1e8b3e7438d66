import { z } from "zod";
import { parseOptions } from "../parsing/parse-options.ts";
import { clockSchema } from "../time/clock-schema.ts";
import type { Clock } from "../time/clock.ts";
import type { Limiter } from "./create-limiter.ts";

/** Options of {@link adaptLimit}. */
export interface AdaptLimitOptions {
  /** The lowest limit; at least 1. @default 1 */
  readonly min?: number | undefined;
  /** The highest limit. @default 1_000 */
  readonly max?: number | undefined;
  /** The limit is multiplied by this after an overload. @default 0.7 */
  readonly backoff?: number | undefined;
  /** How many times its usual latency a call may take before the limit shrinks. @default 1.5 */
  readonly tolerance?: number | undefined;
  /** @default the machine's clock */
  readonly clock?: Clock | undefined;
}

/** Moves a limiter's limit to what a server can take. Report each call before its permit is released. */
export interface AdaptiveLimit {
  /**
   * A call succeeded. The latency must not depend on the size of the call: give the time to the first token, or the time
   * per token. Without it the limit grows by 1 for each `limit` successes.
   */
  succeeded(latencyMs?: number): void;
  /** The server said that it is overloaded. `startedAt` is the clock's `monotonicNow()` when the call began. */
  overloaded(startedAt: number): void;
}

const schema = z
  .strictObject({
    min: z.number().min(1).default(1),
    max: z.number().min(1).default(1_000),
    backoff: z.number().gt(0).lt(1).default(0.7),
    tolerance: z.number().min(1).default(1.5),
    clock: clockSchema,
  })
  .refine(({ min, max }) => min <= max, "min must not be above max");

const smoothing = 0.5;
const fewestSamples = 10;
// The usual latency follows improvements at once and deteriorations slowly, or a lasting overload would become usual.
const downRate = 0.2;
const upRate = 0.001;

/**
 * Adapts the limit by two rules. It shrinks by a factor when the server says that it is overloaded, once for all calls
 * that were under way (AIMD). It follows the ratio of usual to present latency otherwise, one step for each round of
 * calls (after Gradient2 of Netflix's concurrency-limits). It grows only while at least half of it is in use.
 */
export function adaptLimit(limiter: Limiter, options: AdaptLimitOptions = {}): AdaptiveLimit {
  const { min, max, backoff, tolerance, clock } = parseOptions("adaptLimit", schema, options);
  let limit = Math.min(max, Math.max(min, limiter.limit));
  const round = { samples: 0, sumMs: 0 };
  let usualMs: number | undefined;
  let shrunkAt = -Infinity;

  const moveTo = (wanted: number): void => {
    limit = Math.min(max, Math.max(min, wanted));
    limiter.setLimit(Math.floor(limit));
  };
  const isUsed = (): boolean => limiter.inUse >= limit / 2;
  const endRound = (latencyMs: number): void => {
    usualMs ??= latencyMs;
    usualMs += (latencyMs - usualMs) * (latencyMs < usualMs ? downRate : upRate);
    const gradient = Math.min(
      1,
      Math.max(0.5, (tolerance * usualMs) / Math.max(latencyMs, Number.MIN_VALUE)),
    );
    // The square root is the queue that is allowed; without it the limit could not grow.
    const wanted = limit * gradient + Math.sqrt(limit);
    const next = limit + smoothing * (wanted - limit);
    if (next < limit || isUsed()) moveTo(next);
  };

  moveTo(limit);
  return {
    succeeded(latencyMs) {
      if (latencyMs === undefined) {
        if (isUsed()) moveTo(limit + 1 / limit);
        return;
      }
      round.samples += 1;
      round.sumMs += latencyMs;
      if (round.samples < Math.max(fewestSamples, limit)) return;
      endRound(round.sumMs / round.samples);
      round.samples = 0;
      round.sumMs = 0;
    },
    overloaded(startedAt) {
      if (startedAt <= shrunkAt) return;
      shrunkAt = clock.monotonicNow();
      moveTo(limit * backoff);
    },
  };
}
