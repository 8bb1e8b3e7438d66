import { startTimer } from "./timer.ts";

/** The time as the kit's pieces read it. Tests pass a clock that they move by hand. */
export interface Clock {
  /** Epoch milliseconds, the unit of `deadlineAt`. Jumps when somebody sets the machine's time. */
  now(): number;
  /** Milliseconds since an arbitrary moment. Never goes back, so use it to measure durations. */
  monotonicNow(): number;
  /** Calls back once, when at least `delayMs` have passed; never for `Infinity`. Returns a function that cancels it. */
  startTimer(delayMs: number, callback: () => void): () => void;
}

/** The machine's clock. */
export const systemClock: Clock = {
  now: () => Date.now(),
  monotonicNow: () => performance.now(),
  startTimer,
};
