import { InferenceError, InvalidResponseError, RequestError, type InferenceErrorKind } from "@binnacle/core";
import { kindOfFailure, type FailureTable } from "./failure-table.ts";
import { parseFailure, type ServerFailure } from "./server-failure.ts";

/** Who failed, and how its failures are read. */
export interface FailureContext {
  /** `LlamaCppBackend http://127.0.0.1:8080`, for the message. */
  readonly label: string;
  /** The server's address without credentials. */
  readonly address: string;
  readonly table: FailureTable;
}

/** What else is known of a failure. */
export interface FailureOptions {
  readonly cause?: unknown;
  readonly retryAfterMs?: number | undefined;
}

/** The error of a failure that a server reported, in an answer or inside a stream. */
export function failureError(
  failure: ServerFailure,
  { label, address, table }: FailureContext,
  { cause, retryAfterMs }: FailureOptions = {},
): InferenceError {
  const kind = kindOfFailure(failure, table);
  const advice = isRedirect(failure.status) ? redirectHint : table.hint?.(kind, failure, address);
  const hint = advice === undefined ? "" : `; ${advice}`;
  const message = `${label}: ${failure.message}${hint}`;
  return new InferenceError(message, {
    replica: address,
    kind,
    retryable: mayPass(kind),
    retryAfterMs,
    cause,
  });
}

/**
 * An error of the HTTP client in the words of inference. Anything else, such as an abort or a timeout, is unchanged.
 * `begun`: the answer had begun, so a connection that broke has cut it.
 */
export function httpError(error: unknown, context: FailureContext, begun: boolean): unknown {
  if (!RequestError.isInstance(error)) return error;
  const { status, body = "", retryAfterMs, code } = error;
  if (status === undefined) return connectionError(error, context, begun);
  if (code === `http_${status}`)
    return failureError(parseFailure({ status, body }), context, { cause: error, retryAfterMs });
  // The client refused the answer itself: it is too large, say.
  return new InvalidResponseError(`${context.label}: ${error.message}`, {
    replica: context.address,
    cause: error,
  });
}

/** The error of a connection that broke or never came about. */
export function connectionError(
  error: RequestError,
  { label, address }: FailureContext,
  begun: boolean,
): InferenceError {
  const known = { replica: address, cause: error };
  return begun
    ? new InferenceError(`${label}: the connection broke before the answer was finished: ${error.message}`, {
        ...known,
        kind: "interrupted",
        retryable: true,
      })
    : new InferenceError(`${label}: ${error.message}`, {
        ...known,
        kind: "unreachable",
        retryable: error.retryable,
      });
}

const redirectHint = "it redirects, which is not followed: give the final address";

function isRedirect(status: number | undefined): boolean {
  return status !== undefined && status >= 300 && status < 400;
}

function mayPass(kind: InferenceErrorKind): boolean {
  return ["loading", "overloaded", "unreachable", "interrupted", "engine-dead", "server"].includes(kind);
}
