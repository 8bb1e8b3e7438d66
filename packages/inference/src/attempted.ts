import { attribute, BinnacleError, InferenceError, type AttemptRecord } from "@binnacle/core";
import { retry, type RetryOptions } from "@binnacle/core/kit";

/** Calls until it succeeds, as `retry` does. The error of the last attempt tells of all of them. */
export async function attempted<T>(
  replica: string,
  options: RetryOptions,
  call: (attempt: number) => Promise<T>,
): Promise<T> {
  const attempts: AttemptRecord[] = [];
  const noted = async (attempt: number): Promise<T> => {
    const startedAt = performance.now();
    try {
      return await call(attempt);
    } catch (error) {
      options.signal?.throwIfAborted(); // with the caller's reason as it is
      if (!BinnacleError.isInstance(error)) throw error;
      const kind = InferenceError.isInstance(error) ? error.kind : error.code;
      attempts.push({ replica, kind, afterMs: Math.round(performance.now() - startedAt) });
      throw attribute(error, { replica, attempts: [...attempts] });
    }
  };
  return retry(noted, options);
}
