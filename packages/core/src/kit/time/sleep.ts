import { TimeoutError } from "../../errors/timeout-error.ts";
import type { CallOptions } from "../../spec/call-options.ts";
import { startTimer } from "./timer.ts";

/** Options of {@link sleep}. */
export type SleepOptions = Pick<CallOptions, "signal" | "deadlineAt">;

/**
 * Waits at least `delayMs`. An abort rejects with `signal.reason`; a deadline that comes first rejects, when it comes,
 * with a `TimeoutError` of phase `wait`. Leaves neither timer nor listener behind.
 */
export function sleep(delayMs: number, options: SleepOptions = {}): Promise<void> {
  const { signal, deadlineAt = Infinity } = options;
  const allowedMs = Math.max(0, deadlineAt - Date.now());
  return new Promise<void>((resolve, reject) => {
    if (signal?.aborted) return reject(signal.reason);
    const cancel = startTimer(Math.min(delayMs, allowedMs), () => {
      signal?.removeEventListener("abort", abort);
      if (delayMs <= allowedMs) resolve();
      else reject(waitedTooLong(delayMs, allowedMs));
    });
    const abort = (): void => {
      cancel();
      reject(signal?.reason);
    };
    signal?.addEventListener("abort", abort, { once: true });
  });
}

function waitedTooLong(delayMs: number, afterMs: number): TimeoutError {
  return new TimeoutError(`the deadline came after ${afterMs} ms of a wait of ${delayMs} ms`, {
    afterMs,
    phase: "wait",
  });
}
