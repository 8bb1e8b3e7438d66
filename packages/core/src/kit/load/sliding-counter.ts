import type { Clock } from "../time/clock.ts";

/** Counts what happened lately. */
export interface SlidingCounter {
  /** @default 1 */
  add(amount?: number): void;
  /** The sum of the last window, to a tenth of the window. */
  total(): number;
  /** Forgets everything. */
  clear(): void;
}

const slotCount = 10;

/** A sum over the last `windowMs`, in ten slots that are forgotten one by one. */
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
