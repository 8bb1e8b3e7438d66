import { BinnacleError, type InferenceError } from "@binnacle/core";
import { parseRetryAfter } from "@binnacle/core/kit";
import {
  connectionError,
  failureError,
  parseFailure,
  type FailureContext,
} from "../../protocol/server-failure.ts";

/** An error of the `openai` package in the words of inference. Our own are unchanged. */
export function openAIError(error: unknown, context: FailureContext): unknown {
  if (BinnacleError.isInstance(error) || !(error instanceof Error)) return error;
  const status = Reflect.get(error, "status");
  if (typeof status !== "number") {
    return connectionError(`${context.replica}: ${causes(error)}`, context, {
      cause: error,
      retryable: true,
    });
  }
  // The package keeps the inner object of `{"error": …}`, or nothing but a message.
  const body = Reflect.get(error, "error") ?? error.message.replace(/^\d{3} /, "");
  const options = { cause: error, retryAfterMs: retryAfterOf(Reflect.get(error, "headers")) };
  return failureError(parseFailure(body, status), context, options);
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
