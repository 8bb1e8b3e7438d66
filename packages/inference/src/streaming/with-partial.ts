import { InvalidResponseError, TimeoutError } from "@binnacle/core";

/**
 * The error of a generation that had begun, with what had arrived. Its class stays, for whoever switches on it: a timeout
 * is a timeout. An `InferenceError` has been given its partial text where it was made.
 */
export function withPartial(error: unknown, partial: string | undefined): unknown {
  if (partial === undefined) return error;
  if (TimeoutError.isInstance(error)) {
    const { message, afterMs, phase, cause, retryable } = error;
    return new TimeoutError(message, { afterMs, phase, partial, cause, retryable });
  }
  if (InvalidResponseError.isInstance(error)) {
    const { message, issues, cause, retryable } = error;
    return new InvalidResponseError(message, { issues, partial, cause, retryable });
  }
  return error;
}
