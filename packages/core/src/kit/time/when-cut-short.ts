import { TimeoutError } from "../../errors/timeout-error.ts";
import type { CallOptions } from "../../spec/call-options.ts";
import type { Clock } from "./clock.ts";

/** The description of a wait in its `TimeoutError`. */
export interface Wait {
  /** The error's `phase`. */
  readonly phase: string;
  /** Completes the message "The deadline passed after 5 ms of", for example with `a wait of 20 ms`. */
  readonly what: string;
}

/**
 * Calls `callback` once, when the signal aborts or the deadline passes. Its argument is `signal.reason` or a
 * `TimeoutError`. If that has already happened, it calls before it returns. Returns a function that stops
 * watching.
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
    const message = `The deadline passed after ${allowedMs} ms of ${wait.what}. Set a later \`deadlineAt\`.`;
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
