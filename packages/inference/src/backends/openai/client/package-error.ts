import { BinnacleError, RequestError } from "@binnacle/core";
import { networkError, retryAfterOf } from "@binnacle/core/kit";
import { connectionError, failureError, type FailureContext } from "../../../failures/failure-error.ts";
import { parseFailure, type FailureSource, type ServerFailure } from "../../../failures/server-failure.ts";
import type { ModelRequest } from "../../../server/model-server.ts";

/**
 * Removes the secrets from a text. Some servers repeat a key that they refuse, and fetch repeats an address.
 */
export type Clean = (text: string) => string;

/** The request that failed, and how far it had come. */
export interface PackageErrorContext extends FailureContext {
  readonly clean: Clean;
  readonly request: ModelRequest;
  /** Milliseconds since the request was sent. */
  readonly waitedMs: number;
  /** True if the answer had begun. */
  readonly begun: boolean;
}

/**
 * Turns an error of the `openai` package into an `InferenceError` without secrets. Returns the SDK's own
 * errors unchanged.
 */
export function packageError(error: unknown, context: PackageErrorContext): unknown {
  if (BinnacleError.isInstance(error) || !(error instanceof Error)) return error;
  const { clean } = context;
  const cause = withoutSecrets(error, clean);
  const status = Reflect.get(error, "status");
  if (typeof status !== "number") return brokenError(cause, context);
  // The package keeps the inner object of `{"error": …}`, or nothing but a message.
  const body = Reflect.get(error, "error") ?? error.message.replace(/^\d{3} /, "");
  const headers: unknown = Reflect.get(error, "headers");
  const retryAfterMs = headers instanceof Headers ? retryAfterOf(headers, Date.now()) : undefined;
  return failureError(cleanFailure({ status, body }, clean), context, { cause, retryAfterMs });
}

/** Reads an error body and removes the secrets from it. */
export function cleanFailure({ body, ...source }: FailureSource, clean: Clean): ServerFailure {
  // Cleaned before the cut, which could leave half a secret, and again after it, because JSON may have
  // escaped a secret.
  const text = clean(typeof body === "string" ? body : (JSON.stringify(body) ?? ""));
  const failure = parseFailure({ ...source, body: text });
  return { ...failure, message: clean(failure.message) };
}

/** Classifies a failure without a status like the SDK's HTTP client does. The causes hold no secret. */
function brokenError(cause: Error, context: PackageErrorContext): unknown {
  const { request, address, waitedMs, begun } = context;
  const { method = "GET", path } = request;
  const error = networkError({ method, safeUrl: `${address}${path}`, secrets: [] }, cause, waitedMs);
  return RequestError.isInstance(error) ? connectionError(error, context, begun) : error;
}

/**
 * Copies an error and its causes with the secrets removed. Bodies and headers that the package attaches are
 * not copied.
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
