import { startTimer } from "./timer.ts";

/** A timer that is cheap to restart, for example on every token of a stream. */
export interface PhaseTimer {
  /** Starts or restarts the timer. */
  start(limitMs: number): void;
  /** Stops the timer. */
  stop(): void;
}

/** Creates a timer that calls `onExpired` when `limitMs` have passed since the last start. */
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
      // For the same limit only the end moves, which the running timer reads when it fires.
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
