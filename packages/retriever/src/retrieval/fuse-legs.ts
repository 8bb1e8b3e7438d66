import type { Fusion, Hit, LegTrace, Metadata, RetrievalCut } from "@binnacle/core";
import { fuseRankings, legScores } from "@binnacle/core/stores";

/** The hits of one leg, best first, before its threshold. */
export interface LegReading<M extends Metadata = Metadata> {
  readonly kind: LegTrace["kind"];
  /** Hits with a lower score are dropped before the fusion. @default no threshold */
  readonly minScore?: number | undefined;
  readonly hits: readonly Hit<M>[];
}

/** The ranking that the legs were fused into, and the hits that their thresholds cut. */
export interface FusedLegs<M extends Metadata = Metadata> {
  /**
   * Best first, with equal scores in the order of their ids. Each hit has its rank and score in every leg.
   */
  readonly hits: readonly Hit<M>[];
  /** The hits that a leg's threshold cut, including hits that another leg kept. */
  readonly cuts: readonly RetrievalCut[];
}

/**
 * Applies the legs' thresholds and fuses them by the rule of `Collection.search`: a single leg keeps its own
 * scores, and several legs are fused by reciprocal rank. The store does not do this, because it cannot report
 * the hits that it cuts.
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
