import { z } from "zod";
import { clockSchema } from "../time/clock-schema.ts";
import type { Clock } from "../time/clock.ts";
import { parseOptions } from "../parsing/parse-options.ts";
import { createSlidingCounter } from "./sliding-counter.ts";

/** Options of {@link createRetryBudget}. */
export interface RetryBudgetOptions {
  /** Retries and hedges that each request pays for. @default 0.2 */
  readonly share?: number | undefined;
  /** Retries and hedges allowed each second beside that share, so that a quiet client can retry too. @default 1 */
  readonly minPerSecond?: number | undefined;
  /** How long a request's share can be spent. @default 10_000 */
  readonly windowMs?: number | undefined;
  /** @default the machine's clock */
  readonly clock?: Clock | undefined;
}

/**
 * Bounds the extra load that retries and hedges put on a server in trouble. Share one budget between everything that
 * repeats requests to the same servers.
 */
export interface RetryBudget {
  /** Retries and hedges that could be sent now. */
  readonly available: number;
  /** Counts a request; call it once per request, before its first attempt. `retry` does. */
  count(): void;
  /** Takes one token for a retry or hedge. Returns false, and takes nothing, if none is left. */
  spend(): boolean;
}

const schema = z.strictObject({
  share: z.number().min(0).max(1).default(0.2),
  minPerSecond: z.number().min(0).default(1),
  windowMs: z.number().positive().default(10_000),
  clock: clockSchema,
});

/** A token bucket that requests fill with `share` tokens each. Tokens that nobody spends expire after `windowMs`. */
export function createRetryBudget(options: RetryBudgetOptions = {}): RetryBudget {
  const { share, minPerSecond, windowMs, clock } = parseOptions("createRetryBudget", schema, options);
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
