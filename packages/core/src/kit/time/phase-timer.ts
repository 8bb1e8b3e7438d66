import { startTimer } from "./timer.ts";

/** A timer that is cheap to start again, as on every token of a stream. */
export interface PhaseTimer {
  /** Starts the clock, again if it runs. */
  start(limitMs: number): void;
  /** Stops the clock. */
  stop(): void;
}

/** Calls `onExpired` when `limitMs` have passed since the last start. */
export function createPhaseTimer(onExpired: (limitMs: number) => void): PhaseTimer {
  let limit = Infinity;
  let endsAt = Infinity;
  let cancel = (): void => undefined;
  const check = (): void => {
    const leftMs = endsAt - performance.now();
    if (leftMs <= 0) onExpired(limit);
    else cancel = startTimer(leftMs, check);
  };
  return {
    start(limitMs) {
      endsAt = performance.now() + limitMs;
      // The same limit again only moves the end: the running timer finds that out when it fires.
      if (limitMs === limit) return;
      limit = limitMs;
      cancel();
      cancel = startTimer(limitMs, check);
    },
    stop() {
      cancel();
      limit = Infinity;
      endsAt = Infinity;
    },
  };
}
