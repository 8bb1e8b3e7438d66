import { kindOfStatus, type InferenceErrorKind } from "@binnacle/core";
import type { ServerFailure } from "./server-failure.ts";

/** A row that recognises one cause of failure by its code or its message. */
export interface FailureRow {
  readonly kind: InferenceErrorKind;
  /** Matches one of the machine-readable codes. */
  readonly code?: RegExp | undefined;
  /**
   * Matches the message. Servers quote requests in messages, so a pattern needs `statuses`, and also `^` if
   * its kind is retryable.
   */
  readonly message?: RegExp | undefined;
  /**
   * Statuses with which the message has this meaning. An error inside a stream may have no status. @default
   * any
   */
  readonly statuses?: readonly (number | undefined)[] | undefined;
}

/** The rows and hints of one driver's servers. */
export interface FailureTable {
  /** Rows in order of priority: the first match decides. Without a match the status decides. */
  readonly rows: readonly FailureRow[];
  /** Returns advice for the end of the message, or undefined. */
  readonly hint?:
    ((kind: InferenceErrorKind, failure: ServerFailure, address: string) => string | undefined) | undefined;
}

/** Returns the kind of a failure by the first matching row, else by its gRPC code or HTTP status. */
export function kindOfFailure(failure: ServerFailure, { rows }: FailureTable): InferenceErrorKind {
  const row = rows.find((one) => matches(one, failure));
  if (row !== undefined) return row.kind;
  if (failure.grpcCode !== undefined) return grpcKinds.get(failure.grpcCode) ?? "server";
  return failure.status === undefined ? "server" : kindOfStatus(failure.status);
}

function matches({ code, message, statuses }: FailureRow, failure: ServerFailure): boolean {
  if (code !== undefined && failure.codes.some((word) => code.test(word))) return true;
  if (message === undefined || !message.test(failure.message)) return false;
  return statuses === undefined || statuses.includes(failure.status);
}

const grpcKinds: ReadonlyMap<number, InferenceErrorKind> = new Map<number, InferenceErrorKind>([
  [1, "interrupted"], // CANCELLED by the server: Triton sends it when it shuts down
  [3, "invalid-request"], // INVALID_ARGUMENT
  [4, "overloaded"], // DEADLINE_EXCEEDED: the server's own limit
  [5, "not-found"], // NOT_FOUND
  [6, "invalid-request"], // ALREADY_EXISTS
  [7, "unauthorized"], // PERMISSION_DENIED
  [8, "overloaded"], // RESOURCE_EXHAUSTED
  [9, "invalid-request"], // FAILED_PRECONDITION
  [10, "interrupted"], // ABORTED
  [11, "invalid-request"], // OUT_OF_RANGE
  [12, "unsupported"], // UNIMPLEMENTED
  [14, "unreachable"], // UNAVAILABLE
  [16, "unauthorized"], // UNAUTHENTICATED
]);
