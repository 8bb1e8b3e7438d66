import type { Hit, LegScore, Metadata, RetrievalCut, RrfFusion } from "@binnacle/core";
import { reciprocalRankFusion } from "../stores/shared/search/reciprocal-rank-fusion.ts";

/** What one leg found, best first, before its threshold. */
export interface LegReading<M extends Metadata = Metadata> {
  readonly kind: "dense" | "lexical";
  /** Similarity below which hits are dropped before the fusion; undefined: none. */
  readonly minScore?: number | undefined;
  readonly hits: readonly Hit<M>[];
}

/** One ranking made of several, and what their thresholds dropped. */
export interface FusedLegs<M extends Metadata = Metadata> {
  /** Best first, equal scores ordered by id; each with its rank and score in every leg. */
  readonly hits: readonly Hit<M>[];
  /** What each leg's threshold cut, whether another leg kept it or not. */
  readonly cuts: readonly RetrievalCut[];
}

/**
 * Cuts and fuses legs by the rule of `Collection.search`: one leg keeps its own scores, several are fused by reciprocal
 * rank. It happens here and not in the store, because a store that cuts cannot say what it cut.
 */
export function fuseLegs<M extends Metadata>(
  legs: readonly LegReading<M>[],
  fusion?: RrfFusion,
): FusedLegs<M> {
  const kept = legs.map(({ hits, minScore = -Infinity }) => hits.filter(({ score }) => score >= minScore));
  const byId = new Map(kept.flat().map((hit) => [hit.id, hit]));
  const ranks = kept.map(
    (hits) =>
      new Map(hits.map(({ id, score }, index): [string, LegScore] => [id, { rank: index + 1, score }])),
  );
  const hits = ranking(kept, fusion).flatMap(({ id, score }) => {
    const hit = byId.get(id);
    return hit === undefined ? [] : [{ ...hit, score, legs: ranks.map((scores) => scores.get(id)) }];
  });
  const cuts = legs.flatMap(({ kind, hits: found, minScore = -Infinity }) =>
    found
      .filter(({ score }) => score < minScore)
      .map(({ id, chunk, score }): RetrievalCut => {
        return { id, documentId: chunk.documentId, reason: "min_score", score, leg: kind };
      }),
  );
  return { hits, cuts };
}

function ranking(
  kept: readonly (readonly Hit[])[],
  fusion: RrfFusion | undefined,
): readonly { readonly id: string; readonly score: number }[] {
  const [only, ...others] = kept;
  if (only !== undefined && others.length === 0) return only;
  const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
  const rankings = kept.map((hits) => hits.map(({ id }) => id));
  return reciprocalRankFusion(rankings, { k: fusion?.k, weights: fusion?.weights, compare }).map(
    ({ key, score }) => ({ id: key, score }),
  );
}
