import { kindOfStatus, type InferenceErrorKind } from "@binnacle/core";
import type { ServerFailure } from "./server-failure.ts";

/** What one cause looks like. Every condition that is given must hold. */
export interface FailureRow {
  readonly kind: InferenceErrorKind;
  /** Matches one of the machine-readable codes. */
  readonly code?: RegExp | undefined;
  /** Matches the message. Servers quote requests in messages, so a pattern needs `statuses`, and `^` for a kind that may
   * pass. */
  readonly message?: RegExp | undefined;
  /** Statuses with which the message means this. An error inside a stream may have no status. */
  readonly statuses?: readonly (number | undefined)[] | undefined;
}

/** How the servers of one driver say what went wrong. */
export interface FailureTable {
  /** The first row that matches wins; without a match the status decides. */
  readonly rows: readonly FailureRow[];
  /** The way out, if there is one; ends the message. */
  readonly hint?:
    ((kind: InferenceErrorKind, failure: ServerFailure, address: string) => string | undefined) | undefined;
}

/** The cause, by what the server says; by its status if it says nothing known. */
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
  [1, "interrupted"], // CANCELLED, and not by us: Triton says it when it shuts down
  [3, "invalid-request"], // INVALID_ARGUMENT
  [4, "overloaded"], // DEADLINE_EXCEEDED by the server's own limit
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
