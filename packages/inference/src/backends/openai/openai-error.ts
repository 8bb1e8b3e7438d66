import { BinnacleError, RequestError, type InferenceError } from "@binnacle/core";
import { networkError, retryAfterOf } from "@binnacle/core/kit";
import {
  connectionError,
  failureError,
  parseFailure,
  type FailureContext,
  type FailureOptions,
  type ServerFailure,
} from "../../protocol/server-failure.ts";

/** Takes the secrets out of a text. Some servers repeat a key that they refuse, and fetch repeats an address. */
export type Clean = (text: string) => string;

/** When and how a request failed. */
export interface RequestFailureContext extends FailureContext {
  readonly method: string;
  /** Below the server's address. */
  readonly path: string;
  /** Since it was sent. */
  readonly waitedMs: number;
}

/** An error of the `openai` package in the words of inference, without secrets. Our own are unchanged. */
export function openAIError(error: unknown, context: RequestFailureContext, clean: Clean): unknown {
  if (BinnacleError.isInstance(error) || !(error instanceof Error)) return error;
  const cause = withoutSecrets(error, clean);
  const status = Reflect.get(error, "status");
  if (typeof status !== "number") return brokenError(cause, context);
  // The package keeps the inner object of `{"error": …}`, or nothing but a message.
  const body = Reflect.get(error, "error") ?? error.message.replace(/^\d{3} /, "");
  const headers: unknown = Reflect.get(error, "headers");
  const retryAfterMs = headers instanceof Headers ? retryAfterOf(headers, Date.now()) : undefined;
  const failure = cleanFailure(body, clean, status);
  return failureError(failure, context, { cause, retryAfterMs, hints: hintsFor(failure, context) });
}

/** Told as the HTTP client tells it: what may pass, no connection in time, no HTTP at all. Its causes hold no secret. */
function brokenError(cause: Error, context: RequestFailureContext): unknown {
  const { method, replica, path, waitedMs } = context;
  const request = { method: method.toUpperCase(), safeUrl: `${replica}${path}`, secrets: [] };
  const error = networkError(request, cause, waitedMs);
  if (!RequestError.isInstance(error)) return error;
  return connectionError(error.message, context, { cause: error, retryable: error.retryable });
}

// Not refused beforehand: some servers, llama-server among them, answer without the version too.
function hintsFor({ type, message }: ServerFailure, { replica }: FailureContext): FailureOptions["hints"] {
  const isOfModel = /model/i.test(`${type} ${message}`);
  if (isOfModel || new URL(replica).pathname !== "/") return undefined;
  return { "not-found": "most servers have this protocol below /v1: put it at the end of baseUrl" };
}

/** The error of an `{"error": …}` event inside a stream, without secrets. */
export function reportedError(error: unknown, context: FailureContext, clean: Clean): InferenceError {
  return failureError(cleanFailure(error, clean), context);
}

function cleanFailure(body: unknown, clean: Clean, status?: number): ServerFailure {
  // Before it is cut to a length, which could leave half a secret; and after, for one that JSON writes in another way.
  const text = clean(typeof body === "string" ? body : (JSON.stringify(body) ?? ""));
  const failure = parseFailure(text, status);
  return { ...failure, message: clean(failure.message) };
}

/**
 * A copy of an error and its causes whose texts hold no secret. What else the package hangs on its errors, bodies and
 * headers, is left out.
 */
function withoutSecrets(error: Error, clean: Clean): Error {
  const { cause, name, message, stack = "" } = error;
  const copy = new Error(
    clean(message),
    cause instanceof Error ? { cause: withoutSecrets(cause, clean) } : {},
  );
  const kept = ["status", "code"].map((field) => [field, Reflect.get(error, field)] as const);
  Object.assign(copy, Object.fromEntries(kept.filter(([, value]) => value !== undefined)));
  for (const [field, value] of [["name", name] as const, ["stack", clean(stack)] as const])
    Object.defineProperty(copy, field, { value, configurable: true, writable: true });
  return copy;
}
