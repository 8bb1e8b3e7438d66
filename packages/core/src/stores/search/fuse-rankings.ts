import type { Fusion } from "../../spec/search.ts";
import { reciprocalRankFusion, type Ranked } from "./reciprocal-rank-fusion.ts";

/** Options of {@link fuseRankings}. */
export interface FuseOptions<K> {
  /** @default reciprocal rank fusion with its defaults */
  readonly fusion?: Fusion | undefined;
  /** Orders keys whose scores are equal. */
  readonly compare: (a: K, b: K) => number;
}

/**
 * Makes one ranking of the rankings of several legs, by the rule of `Collection.search`: one leg keeps its own scores,
 * several legs are fused. Each ranking comes best first, without repetitions.
 */
export function fuseRankings<K>(
  rankings: readonly (readonly Ranked<K>[])[],
  { fusion = { kind: "rrf" }, compare }: FuseOptions<K>,
): readonly Ranked<K>[] {
  const [only = [], ...others] = rankings;
  if (others.length === 0) return only;
  const keys = rankings.map((ranking) => ranking.map(({ key }) => key));
  switch (fusion.kind) {
    case "rrf":
      return reciprocalRankFusion(keys, { k: fusion.k, weights: fusion.weights, compare });
    default:
      return fusion.kind satisfies never;
  }
}
