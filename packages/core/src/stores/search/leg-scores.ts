import type { LegScore } from "../../spec/search.ts";
import type { Ranked } from "./reciprocal-rank-fusion.ts";

/** Returns a function that gives a key's rank and score in each leg, for `explain`. Undefined if the leg did
 * not find the key. */
export function legScores<K>(
  rankings: readonly (readonly Ranked<K>[])[],
): (key: K) => (LegScore | undefined)[] {
  const byKey = rankings.map(
    (ranking) => new Map(ranking.map(({ key, score }, i): [K, LegScore] => [key, { rank: i + 1, score }])),
  );
  return (key) => byKey.map((leg) => leg.get(key));
}
