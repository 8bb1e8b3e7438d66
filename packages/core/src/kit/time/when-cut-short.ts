import { TimeoutError } from "../../errors/timeout-error.ts";
import type { CallOptions } from "../../spec/call-options.ts";
import type { Clock } from "./clock.ts";

/** A wait, as its `TimeoutError` describes it. */
export interface Wait {
  /** The error's `phase`. */
  readonly phase: string;
  /** Completes "the deadline came after 5 ms of": `a wait of 20 ms`. */
  readonly what: string;
}

/**
 * Calls back once, when the signal aborts or the deadline passes, with the reason to reject with: `signal.reason` or a
 * `TimeoutError`. Calls back before it returns if that has already happened. Returns a function that stops watching.
 */
export function whenCutShort(
  options: Pick<CallOptions, "signal" | "deadlineAt">,
  clock: Clock,
  wait: Wait,
  callback: (reason: unknown) => void,
): () => void {
  const { signal, deadlineAt = Infinity } = options;
  const allowedMs = Math.max(0, deadlineAt - clock.now());
  let cancelTimer = (): void => undefined;
  const stop = (): void => {
    cancelTimer();
    signal?.removeEventListener("abort", abort);
  };
  const abort = (): void => {
    stop();
    callback(signal?.reason);
  };
  const expire = (): void => {
    stop();
    const message = `the deadline came after ${allowedMs} ms of ${wait.what}`;
    callback(new TimeoutError(message, { afterMs: allowedMs, phase: wait.phase }));
  };
  if (signal?.aborted === true) abort();
  else if (allowedMs === 0) expire();
  else {
    signal?.addEventListener("abort", abort, { once: true });
    cancelTimer = clock.startTimer(allowedMs, expire);
  }
  return stop;
}
