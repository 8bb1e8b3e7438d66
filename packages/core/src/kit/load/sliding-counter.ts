import type { Clock } from "../time/clock.ts";

/** Counts events of the last window of time. */
export interface SlidingCounter {
  /** Adds `amount`, by default 1. */
  add(amount?: number): void;
  /** Returns the sum of the last window. The window's length is exact to a tenth. */
  total(): number;
  /** Sets the sum to 0. */
  clear(): void;
}

const slotCount = 10;

/** Creates a counter for the last `windowMs`. It consists of ten slots that expire one by one. */
export function createSlidingCounter(windowMs: number, clock: Clock): SlidingCounter {
  const slotMs = windowMs / slotCount;
  const sums = Array.from({ length: slotCount }, () => 0);
  let newest = Math.floor(clock.monotonicNow() / slotMs);

  const forgetOld = (): void => {
    const current = Math.floor(clock.monotonicNow() / slotMs);
    const passed = Math.min(current - newest, slotCount);
    for (let slot = current - passed + 1; slot <= current; slot++) sums[slot % slotCount] = 0;
    newest = current;
  };

  return {
    add(amount = 1) {
      forgetOld();
      const slot = newest % slotCount;
      sums[slot] = (sums[slot] ?? 0) + amount;
    },
    total() {
      forgetOld();
      return sums.reduce((sum, amount) => sum + amount, 0);
    },
    clear() {
      sums.fill(0);
    },
  };
}
