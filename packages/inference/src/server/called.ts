import { attribute, BinnacleError, type CallOptions } from "@binnacle/core";
import { abortable, createDeadline, type Deadline } from "@binnacle/core/kit";
import type { ServerIdentity } from "./model-server.ts";

/** Runs one call within the caller's signal and deadline. Its errors name the server. */
export async function called<T>(
  { label, address }: Pick<ServerIdentity, "label" | "address">,
  { signal, deadlineAt }: CallOptions,
  call: (deadline: Deadline) => Promise<T>,
): Promise<T> {
  const deadline = createDeadline({ label, signal, deadlineAt });
  try {
    deadline.signal.throwIfAborted();
    return await abortable(call(deadline), deadline.signal);
  } catch (error) {
    signal?.throwIfAborted(); // the caller's own reason, unchanged
    throw attribute(error, { replica: address });
  } finally {
    deadline[Symbol.dispose]();
  }
}

/** Creates the error of every call after `close()`. */
export function closedError({ label, address }: Pick<ServerIdentity, "label" | "address">): BinnacleError {
  return new BinnacleError("closed", `${label}: this is closed; create a new one`, { replica: address });
}
