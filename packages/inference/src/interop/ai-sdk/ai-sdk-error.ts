import { BinnacleError, InferenceError } from "@binnacle/core";
import { chatServerRows } from "../../failures/chat-server-rows.ts";
import { failureError } from "../../failures/failure-error.ts";
import { parseFailure } from "../../failures/server-failure.ts";
import type { ServerIdentity } from "../../server/model-server.ts";

// The AI SDK marks its errors so that copies of its package recognise each other's.
const callErrorMark = Symbol.for("vercel.ai.error.AI_APICallError");

/**
 * Turns an error of an AI SDK model into an error of this SDK. Errors of this SDK stay as they are. Other
 * errors become an `InferenceError` of kind `server` that is not retryable, because nothing is known about
 * them.
 */
export function aiSDKError(error: unknown, server: ServerIdentity): Error {
  if (BinnacleError.isInstance(error)) return error;
  if (isCallError(error)) return callError(error, server);
  const message = error instanceof Error ? error.message : String(error);
  return new InferenceError(`${server.label}: ${message}`, {
    kind: "server",
    replica: server.address,
    cause: error,
  });
}

function callError(error: Error, server: ServerIdentity): InferenceError {
  const status: unknown = Reflect.get(error, "statusCode");
  const body: unknown = Reflect.get(error, "responseBody");
  if (typeof status !== "number") {
    return new InferenceError(`${server.label}: ${error.message}`, {
      kind: "unreachable",
      replica: server.address,
      retryable: Reflect.get(error, "isRetryable") === true,
      cause: error,
    });
  }
  const failure = parseFailure({
    status,
    body: typeof body === "string" && body !== "" ? body : error.message,
  });
  const retryAfterMs = retryAfter(Reflect.get(error, "responseHeaders"));
  return failureError(
    failure,
    { ...server, table: { rows: chatServerRows } },
    { cause: error, retryAfterMs },
  );
}

function isCallError(error: unknown): error is Error {
  return error instanceof Error && Reflect.get(error, callErrorMark) === true;
}

function retryAfter(headers: unknown): number | undefined {
  if (typeof headers !== "object" || headers === null) return undefined;
  const value: unknown = Reflect.get(headers, "retry-after");
  const seconds = typeof value === "string" ? Number(value) : Number.NaN;
  return seconds >= 0 ? seconds * 1_000 : undefined;
}
