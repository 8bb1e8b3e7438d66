import { BinnacleError } from "../errors/binnacle-error.ts";
import { TimeoutError } from "../errors/timeout-error.ts";
import type { CallOptions } from "../spec/call-options.ts";

/** Lets others run, as a real server would, and then gives up if the caller has or the fake was closed. */
export async function fakeTurn(isClosed: () => boolean, options: CallOptions = {}): Promise<void> {
  options.signal?.throwIfAborted();
  await new Promise((resolve) => setImmediate(resolve));
  options.signal?.throwIfAborted();
  if (isClosed()) throw new BinnacleError("closed", "this fake was closed; make a new one");
  if (options.deadlineAt !== undefined && Date.now() >= options.deadlineAt)
    throw new TimeoutError("the deadline has passed", { afterMs: 0, phase: "total" });
}
