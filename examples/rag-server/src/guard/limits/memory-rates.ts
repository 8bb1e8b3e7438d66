import { systemClock, type Clock } from "@binnacle/core/kit";
import { decide } from "./rate.ts";
import type { RateStore } from "./rate-store.ts";

/** Most callers and routes that are remembered. A caller that is forgotten has its whole allowance again. */
const maxEntries = 50_000;

/** Counts in this process. */
export function createMemoryRates(clock: Clock = systemClock): RateStore {
  const wholeAt = new Map<string, number>();
  const makeRoom = (now: number): void => {
    for (const [key, at] of wholeAt) {
      if (wholeAt.size < maxEntries && at > now) return;
      wholeAt.delete(key);
    }
  };
  return {
    take: async (key, rate) => {
      const now = clock.now();
      const { wholeAt: next, ...decision } = decide(rate, wholeAt.get(key), now);
      wholeAt.delete(key); // the map is ordered by the last request
      if (wholeAt.size >= maxEntries) makeRoom(now);
      wholeAt.set(key, next);
      return decision;
    },
    close: async () => wholeAt.clear(),
  };
}
