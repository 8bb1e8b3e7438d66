import type { CallOptions } from "../../spec/call-options.ts";
import { systemClock, type Clock } from "./clock.ts";
import { whenCutShort } from "./when-cut-short.ts";

/** Options of {@link sleep}. */
export interface SleepOptions extends Pick<CallOptions, "signal" | "deadlineAt"> {
  /** Time and timers. Tests pass a clock of their own. @default the machine's clock */
  readonly clock?: Clock | undefined;
}

/**
 * Waits at least `delayMs`. An abort rejects with `signal.reason`. An earlier deadline rejects with a
 * `TimeoutError` of phase `wait` when it passes. No timer and no listener remains.
 */
export function sleep(delayMs: number, options: SleepOptions = {}): Promise<void> {
  const { signal, deadlineAt, clock = systemClock } = options;
  // A deadline at exactly the end of the wait does not end it early.
  const cutAt = deadlineAt !== undefined && deadlineAt - clock.now() < delayMs ? deadlineAt : undefined;
  return new Promise<void>((resolve, reject) => {
    let cancel = (): void => undefined;
    const wait = { phase: "wait", what: `a wait of ${delayMs} ms` };
    let isCut = false;
    const stopWatching = whenCutShort({ signal, deadlineAt: cutAt }, clock, wait, (reason) => {
      isCut = true;
      cancel();
      reject(reason);
    });
    if (isCut) return;
    cancel = clock.startTimer(delayMs, () => {
      stopWatching();
      resolve();
    });
  });
}
