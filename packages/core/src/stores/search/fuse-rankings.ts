import type { Fusion } from "../../spec/search.ts";
import { distributionScoreFusion } from "../ranking/distribution-score-fusion.ts";
import { reciprocalRankFusion, type Ranked } from "./reciprocal-rank-fusion.ts";

/** Options of {@link fuseRankings}. */
export interface FuseOptions<K> {
  /** Rule that fuses the rankings. @default reciprocal rank fusion with its defaults */
  readonly fusion?: Fusion | undefined;
  /** Orders keys with equal scores. */
  readonly compare: (a: K, b: K) => number;
}

/**
 * Combines the rankings of several legs into one, as `Collection.search` requires. A single leg keeps
 * its own scores; several legs are fused. Each ranking must be sorted best first and hold no key twice.
 */
export function fuseRankings<K>(
  rankings: readonly (readonly Ranked<K>[])[],
  { fusion = { kind: "rrf" }, compare }: FuseOptions<K>,
): readonly Ranked<K>[] {
  const [only = [], ...others] = rankings;
  if (others.length === 0) return only;
  switch (fusion.kind) {
    case "dbsf":
      return distributionScoreFusion(rankings, compare);
    case "rrf": {
      const keys = rankings.map((ranking) => ranking.map(({ key }) => key));
      return reciprocalRankFusion(keys, { k: fusion.k, weights: fusion.weights, compare });
    }
    default:
      return fusion satisfies never;
  }
}
