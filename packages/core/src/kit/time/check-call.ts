import { TimeoutError } from "../../errors/timeout-error.ts";
import type { CallOptions } from "../../spec/call-options.ts";

/** Throws the signal's reason if the call is aborted, or a `TimeoutError` if its deadline has passed. */
export function checkCall(options: CallOptions = {}): void {
  options.signal?.throwIfAborted();
  if (options.deadlineAt === undefined || Date.now() < options.deadlineAt) return;
  throw new TimeoutError("The call's deadline has passed. Set a later `deadlineAt`.", {
    afterMs: 0,
    phase: "total",
  });
}
