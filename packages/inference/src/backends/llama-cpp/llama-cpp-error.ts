import { InferenceError, RequestError, type InferenceErrorKind } from "@binnacle/core";
import { kindOfStatus, mayPass, parseFailure, type ServerFailure } from "../../protocol/failure-kind.ts";

/** Where and when it went wrong. */
export interface FailureContext {
  /** Who asked, for the message. */
  readonly component: string;
  /** The server's address without credentials. */
  readonly replica: string;
  /** @default 1 */
  readonly attempts?: number | undefined;
  /** What had been generated; undefined before a stream began. */
  readonly partial?: string | undefined;
}

/** An error of the HTTP client in the words of inference; anything else, such as an abort or a timeout, is unchanged. */
export function llamaCppError(error: unknown, context: FailureContext): unknown {
  if (!RequestError.isInstance(error)) return error;
  if (error.status !== undefined) {
    const failure = parseFailure(error.body ?? "", error.status);
    return failureError(failure, context, { cause: error, retryAfterMs: error.retryAfterMs });
  }
  if (context.partial === undefined) {
    const { message, retryable, code } = error;
    // An answer that is too large, say, comes from a server that was reached.
    const kind = ["unreachable", "connection_lost", "tls_failed", "request_failed"].includes(code)
      ? "unreachable"
      : "server";
    return new InferenceError(`${context.component}: ${message}`, {
      ...context,
      kind,
      retryable,
      cause: error,
    });
  }
  const message = `${context.component}: the connection broke before the answer was finished (${error.message})`;
  return new InferenceError(message, { ...context, kind: "interrupted", retryable: true, cause: error });
}

/** The error of a failure that the server reported, in an answer or inside a stream. */
export function failureError(
  failure: ServerFailure,
  context: FailureContext,
  options: { readonly cause?: unknown; readonly retryAfterMs?: number | undefined } = {},
): InferenceError {
  const kind = kindOf(failure);
  const hint = hints[kind];
  const message = `${context.component} ${context.replica}: ${failure.message}${hint === undefined ? "" : `; ${hint}`}`;
  return new InferenceError(message, { ...context, ...options, kind, retryable: mayPass(kind) });
}

/**
 * The cause, by what llama-server says rather than by its status: it answers permanent faults with 500 as well (seen in
 * 0.7.0 build 11669).
 */
function kindOf({ status, type, message }: ServerFailure): InferenceErrorKind {
  if (type === "exceed_context_size_error" || /too large to process/i.test(message)) return "too-long";
  if (type === "not_supported_error" || /input is not supported/i.test(message)) return "unsupported";
  if (/loading model/i.test(message)) return "loading";
  if (/^model .* not found/i.test(message)) return "not-found"; // a router says it with 400
  return kindOfStatus(status);
}

const hints: Partial<Readonly<Record<InferenceErrorKind, string>>> = {
  "too-long": "shorten it, or start llama-server with larger -c, and for embeddings -ub",
  unauthorized: "give the key of the server's --api-key as apiKey",
  loading: "try again when GET /health answers 200",
};
