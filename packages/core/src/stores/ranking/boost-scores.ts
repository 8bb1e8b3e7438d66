import type { Metadata } from "../../spec/metadata.ts";
import type { Ranked } from "../search/reciprocal-rank-fusion.ts";
import type { PlannedBoost } from "./plan-boosts.ts";

/** Options of {@link boostScores}. */
export interface BoostOptions<K> {
  readonly boosts: readonly PlannedBoost[];
  /** Returns the metadata of a ranked point. */
  readonly metadataOf: (key: K) => Metadata;
  /** Orders keys with equal scores. */
  readonly compare: (a: K, b: K) => number;
}

/** Adds the boosts to the scores and sorts anew. */
export function boostScores<K>(
  ranking: readonly Ranked<K>[],
  { boosts, metadataOf, compare }: BoostOptions<K>,
): readonly Ranked<K>[] {
  if (boosts.length === 0) return ranking;
  const boosted = ranking.map(({ key, score }) => {
    const metadata = metadataOf(key);
    return { key, score: boosts.reduce((sum, boost) => sum + boost(metadata), score) };
  });
  return boosted.sort((a, b) => b.score - a.score || compare(a.key, b.key));
}
