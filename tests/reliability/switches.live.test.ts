import { expect, test } from "vitest";
import {
  answerCache,
  batches,
  searchCache,
  unchangedDocuments,
  vectorCache,
} from "../../bench/src/switches/cache-switches.ts";

// The optimisations of `npm run bench -- switches` that take the least time, with factors that a busy machine
// does not change. The others have tests of their own: affinity and hedging of the pool, the event loop.
const least = [
  [batches, 3],
  [vectorCache, 3],
  [searchCache, 3],
  [answerCache, 3],
  [unchangedDocuments, 100],
] as const;

for (const [optimisation, factor] of least)
  test(`gains at least ${factor} times by ${optimisation.name} (T59)`, { timeout: 60_000 }, async () => {
    const { off, on } = await optimisation.measure();
    const isMore = optimisation.isMoreBetter === true;
    expect(isMore ? on / off : off / Math.max(on, 0.001), `${off} ${on}`).toBeGreaterThan(factor);
  });
