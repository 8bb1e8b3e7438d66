import { InferenceError, RequestError, type InferenceErrorKind } from "@binnacle/core";
import {
  connectionError,
  failureError,
  parseFailure,
  type FailureContext,
} from "../../protocol/server-failure.ts";

/** An error of the HTTP client in the words of inference; anything else, such as an abort or a timeout, is unchanged. */
export function llamaCppError(error: unknown, context: FailureContext): unknown {
  if (!RequestError.isInstance(error)) return error;
  const { status, body = "", retryAfterMs, retryable, message, code } = error;
  if (status === undefined) return connectionError(message, context, { cause: error, retryable });
  if (code !== `http_${status}`) {
    // The answer itself was refused by us: it is too large, say.
    return new InferenceError(`${context.component}: ${message}`, {
      ...context,
      kind: "server",
      cause: error,
    });
  }
  return failureError(parseFailure(body, status), context, { cause: error, retryAfterMs, hints });
}

/** The error of an `{"error": …}` event inside a stream. */
export function reportedError(error: unknown, context: FailureContext): InferenceError {
  return failureError(parseFailure(error), context, { hints });
}

const hints: Partial<Readonly<Record<InferenceErrorKind, string>>> = {
  "too-long": "shorten it, or start llama-server with a larger -c, and for embeddings -ub",
  unauthorized: "give the key of the server's --api-key as apiKey",
  loading: "try again when GET /health answers 200",
};
