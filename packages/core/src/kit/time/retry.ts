import { z } from "zod";
import { AdmissionError } from "../../errors/admission-error.ts";
import { BinnacleError } from "../../errors/binnacle-error.ts";
import { InferenceError } from "../../errors/inference-error.ts";
import { RequestError } from "../../errors/request-error.ts";
import type { CallOptions } from "../../spec/call-options.ts";
import type { RetryBudget } from "../load/create-retry-budget.ts";
import { parseOptions } from "../parsing/parse-options.ts";
import { systemClock, type Clock } from "./clock.ts";
import { fullJitter } from "./full-jitter.ts";
import { once } from "../once.ts";
import { sleep } from "./sleep.ts";

/** Number of attempts, and the waits between them. */
export interface RetryPolicy {
  /** Most attempts in total, the first one included. At least 1. @default 3 */
  readonly maxAttempts?: number | undefined;
  /** Upper bound of the first wait, in milliseconds. It doubles with each attempt. @default 200 */
  readonly baseDelayMs?: number | undefined;
  /** Upper bound of every wait that the server did not request, in milliseconds. @default 10_000 */
  readonly maxDelayMs?: number | undefined;
  /** Longest wait that a server may request, in milliseconds. For a longer one the error is thrown. @default
   * 60_000 */
  readonly maxRetryAfterMs?: number | undefined;
}

/** A retry, before its wait. */
export interface RetryEvent {
  /** The attempt that failed, counted from 1. */
  readonly attempt: number;
  readonly delayMs: number;
  readonly error: BinnacleError;
}

/** Options of {@link retry}. */
export interface RetryOptions extends RetryPolicy, Pick<CallOptions, "signal" | "deadlineAt"> {
  /** Budget that counts the call and limits its retries. If it is empty, errors are thrown immediately.
   * @default none */
  readonly budget?: RetryBudget | undefined;
  /** Called before each wait. @default none */
  readonly onRetry?: ((event: RetryEvent) => void) | undefined;
  /** Returns a number from 0 to below 1. @default Math.random */
  readonly random?: (() => number) | undefined;
  /** Time and timers. Tests pass a clock of their own. @default the machine's clock */
  readonly clock?: Clock | undefined;
}

const policySchema = once(() =>
  z.strictObject({
    maxAttempts: z.int().positive().default(3),
    baseDelayMs: z.number().min(0).default(200),
    maxDelayMs: z.number().min(0).default(10_000),
    maxRetryAfterMs: z.number().min(0).default(60_000),
  }),
);

type Policy = z.output<ReturnType<typeof policySchema>>;

/**
 * Repeats a call until it succeeds or `maxAttempts` is reached. Only errors that are `retryable` cause a
 * retry. A server's `retryAfterMs` is observed exactly. Every other wait is random between 0 and a doubling
 * bound. Every retry spends budget. If the wait would exceed the deadline, the last error is thrown
 * immediately. An abort rejects with `signal.reason`, and an invalid policy with a `ConfigurationError`.
 */
export async function retry<T>(
  call: (attempt: number) => Promise<T>,
  options: RetryOptions = {},
): Promise<T> {
  const { signal, deadlineAt = Infinity, clock = systemClock, random = Math.random, budget } = options;
  const policy = policyOf(options);
  signal?.throwIfAborted();
  budget?.count();
  for (let attempt = 1; ; attempt++) {
    signal?.throwIfAborted();
    try {
      return await call(attempt);
    } catch (error) {
      signal?.throwIfAborted();
      if (!BinnacleError.isInstance(error) || !error.retryable || attempt >= policy.maxAttempts) throw error;
      const delayMs = delayBeforeNext(error, attempt, policy, random);
      if (delayMs === undefined || clock.now() + delayMs >= deadlineAt) throw error;
      if (budget?.spend() === false) throw error;
      options.onRetry?.({ attempt, delayMs, error });
      await sleep(delayMs, { signal, clock });
    }
  }
}

function policyOf({ maxAttempts, baseDelayMs, maxDelayMs, maxRetryAfterMs }: RetryPolicy): Policy {
  const policy = { maxAttempts, baseDelayMs, maxDelayMs, maxRetryAfterMs };
  return parseOptions("retry", policySchema(), policy);
}

function delayBeforeNext(
  error: BinnacleError,
  attempt: number,
  { baseDelayMs, maxDelayMs, maxRetryAfterMs }: Policy,
  random: () => number,
): number | undefined {
  const asked = retryAfterMsOf(error);
  if (asked !== undefined) return asked <= maxRetryAfterMs ? asked : undefined;
  return fullJitter(attempt, { baseDelayMs, maxDelayMs, random });
}

function retryAfterMsOf(error: BinnacleError): number | undefined {
  const saysWhen =
    RequestError.isInstance(error) || InferenceError.isInstance(error) || AdmissionError.isInstance(error);
  return saysWhen ? error.retryAfterMs : undefined;
}
