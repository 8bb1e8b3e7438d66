import type { LegScore } from "../../spec/search.ts";
import { fuseRankings } from "./fuse-rankings.ts";
import { legScores } from "./leg-scores.ts";
import type { Ranked } from "./reciprocal-rank-fusion.ts";
import type { SearchPlan } from "./search-plan.ts";

/** One hit of a planned search. */
export interface RankedHit<K> extends Ranked<K> {
  /** One entry per leg. Only with `explain`. */
  readonly legs?: readonly (LegScore | undefined)[] | undefined;
}

/** Returns the hits of a planned search from the rankings of its legs. Each ranking must be sorted best first
 * and cut to the leg's limit. `compare` orders keys with equal scores. */
export function rankHits<K>(
  rankings: readonly (readonly Ranked<K>[])[],
  { fusion, offset, limit, explain }: SearchPlan,
  compare: (a: K, b: K) => number,
): readonly RankedHit<K>[] {
  const hits = fuseRankings(rankings, { fusion, compare }).slice(offset, offset + limit);
  if (!explain) return hits;
  const legsOf = legScores(rankings);
  return hits.map(({ key, score }) => ({ key, score, legs: legsOf(key) }));
}
