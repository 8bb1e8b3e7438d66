import { BinnacleError } from "../../errors/binnacle-error.ts";
import { InferenceError } from "../../errors/inference-error.ts";
import { RequestError } from "../../errors/request-error.ts";
import type { CallOptions } from "../../spec/call-options.ts";
import { sleep as sleepByClock, type SleepOptions } from "./sleep.ts";

/** How often and how patiently to try again. */
export interface RetryPolicy {
  /** Attempts in all, the first included. @default 3 */
  readonly maxAttempts?: number | undefined;
  /** Upper bound of the first wait; it doubles with each attempt. @default 200 */
  readonly baseDelayMs?: number | undefined;
  /** Upper bound of every wait that the server did not ask for. @default 10_000 */
  readonly maxDelayMs?: number | undefined;
  /** The longest wait a server may ask for; where it asks for more, the error is given to the caller. @default 60_000 */
  readonly maxRetryAfterMs?: number | undefined;
}

/** A retry that is about to be waited for. */
export interface RetryEvent {
  /** The attempt that failed, counted from 1. */
  readonly attempt: number;
  readonly delayMs: number;
  readonly error: BinnacleError;
}

/** Options of {@link retry}. */
export interface RetryOptions extends RetryPolicy, Pick<CallOptions, "signal" | "deadlineAt"> {
  /** Told before each wait. @default nobody */
  readonly onRetry?: ((event: RetryEvent) => void) | undefined;
  /** From 0 to below 1. @default Math.random */
  readonly random?: (() => number) | undefined;
  /** Epoch milliseconds. @default Date.now */
  readonly now?: (() => number) | undefined;
  /** @default the kit's own */
  readonly sleep?: ((delayMs: number, options: SleepOptions) => Promise<void>) | undefined;
}

/**
 * Calls until it succeeds. Only errors marked `retryable` are tried again. A server's `retryAfterMs` is waited for to
 * the millisecond; else the wait is random between 0 and a bound that doubles (full jitter: AWS Architecture Blog,
 * "Exponential Backoff And Jitter", 2015). Where the wait would outlast the deadline, the last error is thrown at once;
 * an abort rejects with `signal.reason`.
 */
export async function retry<T>(
  call: (attempt: number) => Promise<T>,
  options: RetryOptions = {},
): Promise<T> {
  const { signal, deadlineAt = Infinity, maxAttempts = 3, now = Date.now, sleep = sleepByClock } = options;
  for (let attempt = 1; ; attempt++) {
    signal?.throwIfAborted();
    try {
      return await call(attempt);
    } catch (error) {
      signal?.throwIfAborted();
      if (!BinnacleError.isInstance(error) || !error.retryable || attempt >= maxAttempts) throw error;
      const delayMs = delayBeforeNext(error, attempt, options);
      if (delayMs === undefined || now() + delayMs >= deadlineAt) throw error;
      options.onRetry?.({ attempt, delayMs, error });
      await sleep(delayMs, { signal });
    }
  }
}

function delayBeforeNext(error: BinnacleError, attempt: number, options: RetryOptions): number | undefined {
  const { baseDelayMs = 200, maxDelayMs = 10_000, maxRetryAfterMs = 60_000, random = Math.random } = options;
  const asked =
    RequestError.isInstance(error) || InferenceError.isInstance(error) ? error.retryAfterMs : undefined;
  if (asked !== undefined) return asked <= maxRetryAfterMs ? asked : undefined;
  return Math.floor(random() * Math.min(maxDelayMs, baseDelayMs * 2 ** (attempt - 1)));
}
