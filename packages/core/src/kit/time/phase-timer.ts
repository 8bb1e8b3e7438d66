import { startTimer } from "./timer.ts";

/** A timer that is cheap to restart, for example on every token of a stream. */
export interface PhaseTimer {
  /** Starts or restarts the timer. `Infinity` pauses it. */
  start(limitMs: number): void;
  /** Stops the timer. */
  stop(): void;
}

/** Creates a timer that calls `onExpired` when `limitMs` have passed since the last start. */
export function createPhaseTimer(onExpired: (limitMs: number) => void): PhaseTimer {
  let limit = Infinity;
  let endsAt = Infinity;
  let firesAt = Infinity;
  let cancel = (): void => undefined;
  const check = (): void => {
    firesAt = Infinity;
    if (endsAt === Infinity) return;
    if (endsAt <= performance.now()) onExpired(limit);
    else arm();
  };
  const arm = (): void => {
    firesAt = endsAt;
    cancel = startTimer(endsAt - performance.now(), check);
  };
  return {
    start(limitMs) {
      limit = limitMs;
      endsAt = performance.now() + limitMs;
      // A running timer that fires earlier reads the new end by then. It is left alone, because a stream moves
      // the end with every token.
      if (firesAt <= endsAt) return;
      cancel();
      arm();
    },
    stop() {
      cancel();
      firesAt = Infinity;
      limit = Infinity;
      endsAt = Infinity;
    },
  };
}
