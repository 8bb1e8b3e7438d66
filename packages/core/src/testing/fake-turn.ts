import { BinnacleError } from "../errors/binnacle-error.ts";
import { TimeoutError } from "../errors/timeout-error.ts";
import type { CallOptions } from "../spec/call-options.ts";

/** Yields to other tasks like a real server, and then rejects if the call is aborted or late, or the fake is
 * closed. */
export async function fakeTurn(isClosed: () => boolean, options: CallOptions = {}): Promise<void> {
  options.signal?.throwIfAborted();
  await new Promise((resolve) => setImmediate(resolve));
  options.signal?.throwIfAborted();
  if (isClosed()) throw new BinnacleError("closed", "This fake is closed. Create a new one.");
  if (options.deadlineAt !== undefined && Date.now() >= options.deadlineAt)
    throw new TimeoutError("The call's deadline has passed.", { afterMs: 0, phase: "total" });
}
