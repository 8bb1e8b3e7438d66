import { BinnacleError, InvalidResponseError, type InferenceError } from "@binnacle/core";
import { parseRetryAfter } from "@binnacle/core/kit";
import {
  connectionError,
  failureError,
  parseFailure,
  type FailureContext,
} from "../../protocol/server-failure.ts";

/**
 * An error of the `openai` package in the words of inference. Our own are unchanged. Some servers repeat a key that they
 * refuse: `secret` is taken out of what they say.
 */
export function openAIError(error: unknown, context: FailureContext, secret?: string): unknown {
  if (BinnacleError.isInstance(error) || !(error instanceof Error)) return error;
  if (error instanceof SyntaxError) {
    const message = `${context.component} ${context.replica}: expected JSON (${error.message})`;
    return new InvalidResponseError(message, { cause: error });
  }
  const status = Reflect.get(error, "status");
  if (typeof status !== "number") {
    return connectionError(`${context.replica}: ${causes(error)}`, context, {
      cause: error,
      retryable: true,
    });
  }
  // The package keeps the inner object of `{"error": …}`, or nothing but a message.
  const body = Reflect.get(error, "error") ?? error.message.replace(/^\d{3} /, "");
  const failure = parseFailure(body, status);
  const message = secret === undefined ? failure.message : failure.message.replaceAll(secret, "[redacted]");
  const retryAfterMs = retryAfterOf(Reflect.get(error, "headers"));
  return failureError({ ...failure, message }, context, { cause: error, retryAfterMs });
}

/** The error of an `{"error": …}` event inside a stream. */
export function reportedError(error: unknown, context: FailureContext): InferenceError {
  return failureError(parseFailure(error), context);
}

function retryAfterOf(headers: unknown): number | undefined {
  if (!(headers instanceof Headers)) return undefined;
  const milliseconds = Number(headers.get("retry-after-ms") ?? Number.NaN);
  return milliseconds >= 0 ? milliseconds : parseRetryAfter(headers.get("retry-after"), Date.now());
}

/** `Connection error.: fetch failed: connect ECONNREFUSED 127.0.0.1:1` */
function causes(error: Error): string {
  return error.cause instanceof Error ? `${error.message}: ${causes(error.cause)}` : error.message;
}
