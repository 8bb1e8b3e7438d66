import type { Metadata } from "../../spec/metadata.ts";
import type { LegScore } from "../../spec/search.ts";
import { boostScores } from "../ranking/boost-scores.ts";
import { diversify } from "../ranking/diversify.ts";
import { fuseRankings } from "./fuse-rankings.ts";
import { legScores } from "./leg-scores.ts";
import type { Ranked } from "./reciprocal-rank-fusion.ts";
import type { SearchPlan } from "./search-plan.ts";

/** One hit of a planned search. */
export interface RankedHit<K> extends Ranked<K> {
  /** One entry per leg. Only with `explain`. */
  readonly legs?: readonly (LegScore | undefined)[] | undefined;
}

/** Reads the metadata and the vector of a hit by its key. */
export interface HitReader<K> {
  /** Needed by a store with feature `boost`. */
  readonly metadataOf: (key: K) => Metadata;
  /** Needed by a store with feature `mmr`. */
  readonly vectorOf: (key: K) => Float32Array;
}

/** Returns the hits of a planned search from the rankings of its legs. Each ranking must be sorted best first
 * and cut to the leg's limit. `compare` orders keys with equal scores. */
export function rankHits<K>(
  rankings: readonly (readonly Ranked<K>[])[],
  { fusion, boosts, mmr, offset, limit, explain }: SearchPlan,
  compare: (a: K, b: K) => number,
  { metadataOf, vectorOf }: HitReader<K> = unreadable,
): readonly RankedHit<K>[] {
  const fused = fuseRankings(rankings, { fusion, compare });
  const boosted = boostScores(fused, { boosts, metadataOf, compare });
  const end = offset + limit;
  const ordered = mmr
    ? diversify(boosted.slice(0, mmr.candidates), { diversity: mmr.diversity, count: end, vectorOf })
    : boosted;
  const hits = ordered.slice(offset, end);
  if (!explain) return hits;
  const legsOf = legScores(rankings);
  return hits.map(({ key, score }) => ({ key, score, legs: legsOf(key) }));
}

const unreadable: HitReader<unknown> = { metadataOf: missingReader, vectorOf: missingReader };

function missingReader(): never {
  throw new TypeError("rankHits: a store with features `boost` and `mmr` must pass a reader of hits");
}
