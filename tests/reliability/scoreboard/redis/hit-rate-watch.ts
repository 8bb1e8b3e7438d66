import { setTimeout as sleep } from "node:timers/promises";
import type { Cache } from "@binnacle/core";

/** The share of hits among the latest lookups of a cache, from its own counters. */
export interface HitRateWatch {
  /** The hit rate of the last half second. */
  rate(): number;
  /** Milliseconds until the rate is at least this; `Infinity` if it takes longer than `limitMs`. */
  timeUntil(rate: number, limitMs: number): Promise<number>;
  stop(): void;
}

const slotMs = 100;
const slots = 5;

export function hitRateWatch(cache: Cache): HitRateWatch {
  const seen = [cache.stats()];
  const timer = setInterval(() => {
    seen.push(cache.stats());
    if (seen.length > slots) seen.shift();
  }, slotMs);
  const rate = (): number => {
    const [first, last] = [seen[0], seen.at(-1)];
    if (first === undefined || last === undefined) return 0;
    const hits = last.hits - first.hits;
    const lookups = hits + last.misses - first.misses;
    return lookups === 0 ? 0 : hits / lookups;
  };
  return {
    rate,
    timeUntil: async (wanted, limitMs) => {
      seen.splice(0, seen.length, cache.stats());
      const startedAt = performance.now();
      while (performance.now() - startedAt < limitMs) {
        await sleep(slotMs);
        if (rate() >= wanted) return performance.now() - startedAt;
      }
      return Infinity;
    },
    stop: () => clearInterval(timer),
  };
}
