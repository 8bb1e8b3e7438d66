import { BinnacleError, RequestError } from "@binnacle/core";
import { statusOf } from "../cluster/status-error.ts";

/**
 * The next step after a failure.
 *
 * - `expired`: the server no longer has the resource version. List again.
 * - `forbidden`: no right to list or watch. Try again slowly.
 * - `missing`: the type is not served here any more. Discover again.
 * - `refused`: the server does not know the parameters, such as those of a streaming list.
 * - `transient`: continue from the same resource version after a wait.
 */
export type FailureKind = "expired" | "forbidden" | "missing" | "refused" | "transient";

/** Returns the next step after a failed list or watch. */
export function classifyFailure(error: BinnacleError): FailureKind {
  if (!RequestError.isInstance(error) || error.status === undefined) return "transient";
  const status = statusOf(error);
  // After a restore of etcd the versions start lower than the one we hold.
  if (
    status?.causes.includes("ResourceVersionTooLarge") ||
    /too large resource version/i.test(status?.message ?? "")
  )
    return "expired";
  switch (error.status) {
    case 410:
      return "expired";
    case 403:
      return "forbidden";
    case 404:
    case 405:
      return "missing";
    case 400:
    case 415:
    case 422:
      return "refused";
    default:
      return status?.reason === "Expired" || status?.reason === "Gone" ? "expired" : "transient";
  }
}

/** Returns the wait that the server asks for, in its header or in its `Status`. */
export function requestedWaitMs(error: BinnacleError): number {
  if (!RequestError.isInstance(error)) return 0;
  return error.retryAfterMs ?? statusOf(error)?.retryAfterMs ?? 0;
}
