import { BinnacleError } from "./binnacle-error.ts";
import { ConfigurationError } from "./configuration-error.ts";
import { InferenceError, type InferenceErrorKind } from "./inference-error.ts";
import { InvalidResponseError } from "./invalid-response-error.ts";
import { kindOfStatus } from "./kind-of-status.ts";
import { RequestError } from "./request-error.ts";
import { TimeoutError } from "./timeout-error.ts";

/**
 * The party whose fault a failed call is. It decides what a pool or a circuit breaker does next. This union
 * may grow: treat a value that you do not know as `replica`.
 *
 * - `request`: the request cannot succeed on any replica. Return the error to the caller.
 * - `caller`: an abort, a deadline, a key, a quota, or a model or capability that this replica does not have.
 *   Another replica may be configured differently. Do not count the failure against this replica.
 * - `load`: the replica is full. Lower its limit and try another replica immediately.
 * - `starting`: the replica is not ready yet. Try another replica, and return to this replica once it is
 *   healthy.
 * - `replica`: the replica or the connection to it is broken. Try another replica and count the failure
 *   against this replica.
 */
export type Blame = "request" | "caller" | "load" | "starting" | "replica";

/** Returns the blame for any rejection of a driver. A value other than a `BinnacleError` counts as an abort's
 * reason. */
export function blameOf(error: unknown): Blame {
  if (!BinnacleError.isInstance(error)) return "caller";
  if (InferenceError.isInstance(error)) return byKind.get(error.kind) ?? byRetryable(error);
  if (TimeoutError.isInstance(error)) return byPhase.get(error.phase) ?? "replica";
  if (RequestError.isInstance(error)) return blameOfStatus(error);
  if (InvalidResponseError.isInstance(error)) return "replica";
  if (ConfigurationError.isInstance(error)) return "request";
  return byCode.get(error.code) ?? byRetryable(error);
}

// An object, so that a new kind does not compile without a line here.
const kinds: Readonly<Record<InferenceErrorKind, Blame>> = {
  "invalid-request": "request",
  "too-long": "request",
  unsupported: "caller",
  unauthorized: "caller",
  "not-found": "caller",
  quota: "caller",
  loading: "starting",
  overloaded: "load",
  unreachable: "replica",
  interrupted: "replica",
  "engine-dead": "replica",
  server: "replica",
};
const byKind: ReadonlyMap<string, Blame> = new Map(Object.entries(kinds));

// In all other phases the server should have sent something.
const byPhase: ReadonlyMap<string, Blame> = new Map<string, Blame>([
  ["total", "caller"],
  ["wait", "caller"],
  ["lock", "load"],
  ["queue", "load"],
]);

const byCode: ReadonlyMap<string, Blame> = new Map<string, Blame>([
  ["overloaded", "load"],
  ["circuit_open", "load"],
  ["unsupported", "caller"],
  ["closed", "caller"],
  ["fenced", "caller"],
  ["abandoned", "caller"],
]);

function blameOfStatus({ status }: RequestError): Blame {
  return status === undefined ? "replica" : kinds[kindOfStatus(status)];
}

function byRetryable({ retryable }: BinnacleError): Blame {
  return retryable ? "replica" : "request";
}
