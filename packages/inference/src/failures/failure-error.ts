import { InferenceError, InvalidResponseError, RequestError, type InferenceErrorKind } from "@binnacle/core";
import { kindOfFailure, type FailureTable } from "./failure-table.ts";
import { parseFailure, type ServerFailure } from "./server-failure.ts";

/** The server that failed and the table to read its failures with. */
export interface FailureContext {
  /** Driver and address for messages, such as `LlamaCppBackend http://127.0.0.1:8080`. */
  readonly label: string;
  /** The server's address without credentials. */
  readonly address: string;
  readonly table: FailureTable;
}

/** Further facts about a failure. */
export interface FailureOptions {
  readonly cause?: unknown;
  readonly retryAfterMs?: number | undefined;
}

/** Creates the error of a failure that a server reported in an answer or inside a stream. */
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
 * Turns an error of the HTTP client into an `InferenceError` or `InvalidResponseError`. Returns aborts,
 * timeouts and all other errors unchanged. `begun` is true if the answer had begun, so that a broken
 * connection has cut it.
 */
export function httpError(error: unknown, context: FailureContext, begun: boolean): unknown {
  if (!RequestError.isInstance(error)) return error;
  const { status, body = "", retryAfterMs, code } = error;
  if (status === undefined) return connectionError(error, context, begun);
  if (code === `http_${status}`)
    return failureError(parseFailure({ status, body }), context, { cause: error, retryAfterMs });
  // The client itself refused the answer, for example because it is too large.
  return new InvalidResponseError(`${context.label}: ${error.message}`, {
    replica: context.address,
    cause: error,
  });
}

/** Creates the error of a connection that broke or was never open. */
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

const redirectHint = "redirects are not followed; set the final address";

function isRedirect(status: number | undefined): boolean {
  return status !== undefined && status >= 300 && status < 400;
}

function mayPass(kind: InferenceErrorKind): boolean {
  return ["loading", "overloaded", "unreachable", "interrupted", "engine-dead", "server"].includes(kind);
}
