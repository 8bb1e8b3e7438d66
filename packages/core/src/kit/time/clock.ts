import { startTimer } from "./timer.ts";

/** Reads the time and starts timers. Tests pass a clock that they move by hand. */
export interface Clock {
  /** Returns epoch milliseconds, the unit of `deadlineAt`. Jumps when the machine's time is set. */
  now(): number;
  /** Returns milliseconds since an arbitrary moment. Never decreases, so use it to measure durations. */
  monotonicNow(): number;
  /** Calls `callback` once, after at least `delayMs`. Never calls it for `Infinity`. Returns a function that
   * cancels. */
  startTimer(delayMs: number, callback: () => void): () => void;
}

/** The machine's clock. */
export const systemClock: Clock = {
  now: () => Date.now(),
  monotonicNow: () => performance.now(),
  startTimer,
};
