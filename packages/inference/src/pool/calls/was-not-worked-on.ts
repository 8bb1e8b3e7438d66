import { BinnacleError, blameOf, RequestError, TimeoutError } from "@binnacle/core";

/** Returns true if no server has worked on the attempt: it was refused, or there was no connection. */
export function wasNotWorkedOn(error: unknown): boolean {
  if (blameOf(error) === "caller") return true;
  for (let cause = error; BinnacleError.isInstance(cause); cause = cause.cause) {
    if (RequestError.isInstance(cause) && cause.code === "unreachable") return true;
    if (TimeoutError.isInstance(cause) && cause.phase === "connect") return true;
  }
  return false;
}
