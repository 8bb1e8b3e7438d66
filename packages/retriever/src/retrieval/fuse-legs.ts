import type { Fusion, Hit, Metadata, RetrievalCut } from "@binnacle/core";
import { fuseRankings, legScores } from "@binnacle/core/stores";

/** The hits of one leg, best first, before its threshold. */
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
  /** The hits that a leg's threshold cut, also those that another leg kept. */
  readonly cuts: readonly RetrievalCut[];
}

/**
 * Cuts and fuses legs by the rule of `Collection.search`: one leg keeps its own scores, several are fused by reciprocal
 * rank. It happens here and not in the store, because a store that cuts cannot say what it cut.
 */
export function fuseLegs<M extends Metadata>(legs: readonly LegReading<M>[], fusion?: Fusion): FusedLegs<M> {
  const kept = legs.map(({ hits, minScore = -Infinity }) => hits.filter(({ score }) => score >= minScore));
  const byId = new Map(kept.flat().map((hit) => [hit.id, hit]));
  const rankings = kept.map((hits) => hits.map(({ id, score }) => ({ key: id, score })));
  const legsOf = legScores(rankings);
  const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
  const hits = fuseRankings(rankings, { fusion, compare }).flatMap(({ key, score }) => {
    const hit = byId.get(key);
    return hit === undefined ? [] : [{ ...hit, score, legs: legsOf(key) }];
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
