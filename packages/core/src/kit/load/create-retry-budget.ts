import { z } from "zod";
import { clockSchema } from "../time/clock-schema.ts";
import type { Clock } from "../time/clock.ts";
import { parseOptions } from "../parsing/parse-options.ts";
import { once } from "../once.ts";
import { createSlidingCounter } from "./sliding-counter.ts";

/** Options of {@link createRetryBudget}. */
export interface RetryBudgetOptions {
  /** Retries and hedges that each request adds to the budget. @default 0.2 */
  readonly share?: number | undefined;
  /** Retries and hedges per second in addition to that share, so that a client with few requests can retry.
   * @default 1 */
  readonly minPerSecond?: number | undefined;
  /** Time in which a request's share can be spent, in milliseconds. @default 10_000 */
  readonly windowMs?: number | undefined;
  /** Time and timers. Tests pass a clock of their own. @default the machine's clock */
  readonly clock?: Clock | undefined;
}

/**
 * Limits the extra load of retries and hedges on a failing server. Use one budget for all clients that repeat
 * requests to the same servers.
 */
export interface RetryBudget {
  /** Retries and hedges that may be sent now. */
  readonly available: number;
  /** Counts a request. Call it once per request, before the first attempt. `retry` calls it by itself. */
  count(): void;
  /** Takes one token for a retry or hedge. Returns false if there is no token. */
  spend(): boolean;
}

const schema = once(() =>
  z.strictObject({
    share: z.number().min(0).max(1).default(0.2),
    minPerSecond: z.number().min(0).default(1),
    windowMs: z.number().positive().default(10_000),
    clock: clockSchema(),
  }),
);

/** Creates a token bucket. Each request adds `share` tokens, which expire after `windowMs`. */
export function createRetryBudget(options: RetryBudgetOptions = {}): RetryBudget {
  const { share, minPerSecond, windowMs, clock } = parseOptions("createRetryBudget", schema(), options);
  const requests = createSlidingCounter(windowMs, clock);
  const spent = createSlidingCounter(windowMs, clock);
  const available = (): number =>
    Math.floor((minPerSecond * windowMs) / 1000 + share * requests.total() - spent.total());
  return {
    get available() {
      return Math.max(0, available());
    },
    count() {
      requests.add();
    },
    spend() {
      if (available() < 1) return false;
      spent.add();
      return true;
    },
  };
}
