import { z } from "zod";
import type { CallOptions } from "../../spec/call-options.ts";
import { parseOptions } from "../parsing/parse-options.ts";
import { clockSchema, randomSchema } from "./clock-schema.ts";
import type { Clock } from "./clock.ts";
import { fullJitter } from "./full-jitter.ts";
import { sleep } from "./sleep.ts";
import { once } from "../once.ts";
import { longestDelayMs } from "./timer.ts";

/** Options of {@link createBackoff}. */
export interface BackoffOptions {
  /** Upper bound of the first wait, in milliseconds. It doubles with each failure. @default 800 */
  readonly baseDelayMs?: number | undefined;
  /** Upper bound of every wait that the server did not request, in milliseconds. @default 30_000 */
  readonly maxDelayMs?: number | undefined;
  /** A failure this many milliseconds after the last wait counts as the first again. @default 120_000 */
  readonly resetAfterMs?: number | undefined;
  /** Returns a number from 0 to below 1. @default Math.random */
  readonly random?: (() => number) | undefined;
  /** Time and timers. Tests pass a clock of their own. @default the machine's clock */
  readonly clock?: Clock | undefined;
}

/** Options of {@link Backoff.wait}. */
export interface BackoffWaitOptions extends Pick<CallOptions, "signal" | "deadlineAt"> {
  /** Shortest wait in milliseconds, such as the wait that the server requested. @default 0 */
  readonly atLeastMs?: number | undefined;
}

/** Waits between the failures of an operation that never stops, such as a watch, a subscription or a
 * lease. */
export interface Backoff {
  /** Number of failures since the last success. */
  readonly failures: number;
  /** Counts a failure and waits. An abort rejects with `signal.reason`, a deadline with a `TimeoutError`. */
  wait(options?: BackoffWaitOptions): Promise<void>;
  /** Counts a success. The next failure is the first again. */
  reset(): void;
}

const schema = once(() =>
  z.strictObject({
    baseDelayMs: z.number().positive().max(longestDelayMs).default(800),
    maxDelayMs: z.number().positive().max(longestDelayMs).default(30_000),
    resetAfterMs: z.number().positive().default(120_000),
    random: randomSchema(),
    clock: clockSchema(),
  }),
);

/** Creates a back-off without a last attempt. Each wait is random between 0 and a bound that doubles up to
 * `maxDelayMs`. */
export function createBackoff(options: BackoffOptions = {}): Backoff {
  const { resetAfterMs, clock, ...bounds } = parseOptions("createBackoff", schema(), options);
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
