import { z } from "zod";
import type { CallOptions } from "../../spec/call-options.ts";
import { parseOptions } from "../parsing/parse-options.ts";
import { clockSchema, randomSchema } from "./clock-schema.ts";
import type { Clock } from "./clock.ts";
import { fullJitter } from "./full-jitter.ts";
import { sleep } from "./sleep.ts";
import { longestDelayMs } from "./timer.ts";

/** Options of {@link createBackoff}. */
export interface BackoffOptions {
  /** Upper bound of the first wait; it doubles with each failure. @default 800 */
  readonly baseDelayMs?: number | undefined;
  /** Upper bound of every wait that the server did not ask for. @default 30_000 */
  readonly maxDelayMs?: number | undefined;
  /** A failure this long after the last wait counts as the first again. @default 120_000 */
  readonly resetAfterMs?: number | undefined;
  /** From 0 to below 1. @default Math.random */
  readonly random?: (() => number) | undefined;
  /** @default the machine's clock */
  readonly clock?: Clock | undefined;
}

/** Options of {@link Backoff.wait}. */
export interface BackoffWaitOptions extends Pick<CallOptions, "signal" | "deadlineAt"> {
  /** The wait that the server asked for; the wait is then at least this long. @default 0 */
  readonly atLeastMs?: number | undefined;
}

/** Waits between the failures of something that is tried for ever: a watch, a subscription, a lease. */
export interface Backoff {
  /** Failures since the last success. */
  readonly failures: number;
  /** Counts a failure and waits. An abort rejects with `signal.reason`, a deadline with a `TimeoutError`. */
  wait(options?: BackoffWaitOptions): Promise<void>;
  /** Counts a success: the next failure is the first again. */
  reset(): void;
}

const schema = z.strictObject({
  baseDelayMs: z.number().positive().max(longestDelayMs).default(800),
  maxDelayMs: z.number().positive().max(longestDelayMs).default(30_000),
  resetAfterMs: z.number().positive().default(120_000),
  random: randomSchema,
  clock: clockSchema,
});

/** A back-off that never gives up. Its waits are random between 0 and a bound that doubles up to `maxDelayMs`. */
export function createBackoff(options: BackoffOptions = {}): Backoff {
  const { resetAfterMs, clock, ...bounds } = parseOptions("createBackoff", schema, options);
  let failures = 0;
  let lastWaitEndedAt = -Infinity;
  return {
    get failures() {
      return failures;
    },
    async wait({ atLeastMs = 0, ...call } = {}) {
      if (clock.monotonicNow() - lastWaitEndedAt >= resetAfterMs) failures = 0;
      failures += 1;
      try {
        await sleep(Math.max(atLeastMs, fullJitter(failures, bounds)), { ...call, clock });
      } finally {
        lastWaitEndedAt = clock.monotonicNow();
      }
    },
    reset() {
      failures = 0;
    },
  };
}
