import type { DbsfFusion, Hit, LegTrace, Metadata, RetrievalCut, RrfFusion } from "@binnacle/core";
import { fuseRankings, legScores, type Ranked } from "@binnacle/core/stores";
import { evenWeight, fuseByScores, queryWeights } from "./fuse-by-scores.ts";

/**
 * Fuses the legs by their scores. The scores of a leg are scaled so that its best hit has 1 and its last has 0,
 * and then summed with the weights.
 */
export interface ScoreFusion {
  readonly kind: "scores";
  /**
   * The weights of the dense and the lexical leg.
   * @default those of each query: a leg whose best hit stands out counts more
   */
  readonly weights?: readonly number[] | undefined;
}

/** The rule that fuses the legs of a retriever. This union may grow. */
export type RetrieverFusion = ScoreFusion | RrfFusion | DbsfFusion;

/** Options of {@link fuseLegs}. */
export interface FuseLegsOptions {
  /** @default by scores, with the weights of the query */
  readonly fusion?: RetrieverFusion | undefined;
  /** The sum of the IDFs of the query's terms. Undefined if it is not known. */
  readonly worth?: number | undefined;
}

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
 * Applies the legs' thresholds and fuses them. A single leg keeps its own scores. The store does not do this,
 * because it cannot report the hits that it cuts.
 */
export function fuseLegs<M extends Metadata>(
  legs: readonly LegReading<M>[],
  options: FuseLegsOptions = {},
): FusedLegs<M> {
  const kept = legs.map(({ hits, minScore = -Infinity }) => hits.filter(({ score }) => score >= minScore));
  const byId = new Map(kept.flat().map((hit) => [hit.id, hit]));
  const rankings = kept.map((hits) => hits.map(({ id, score }) => ({ key: id, score })));
  const legsOf = legScores(rankings);
  const kinds = legs.map(({ kind }) => kind);
  const hits = fused(kinds, rankings, options).flatMap(({ key, score }) => {
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

type Kinds = readonly LegTrace["kind"][];
type Rankings = readonly (readonly Ranked<string>[])[];

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

function fused(kinds: Kinds, rankings: Rankings, options: FuseLegsOptions): readonly Ranked<string>[] {
  const { fusion = { kind: "scores" } } = options;
  if (rankings.length < 2 || fusion.kind === "dbsf") return fuseRankings(rankings, { fusion: dbsf, compare });
  if (fusion.kind === "scores")
    return fuseByScores(rankings, scoreWeights(kinds, rankings, { ...options, fusion }), compare);
  const weights = fusion.weights && weightsOf(kinds, fusion.weights, 1);
  return fuseRankings(rankings, { fusion: { ...fusion, weights }, compare });
}

const dbsf: DbsfFusion = { kind: "dbsf" };

function scoreWeights(
  kinds: Kinds,
  rankings: Rankings,
  { fusion, worth }: { readonly fusion: ScoreFusion; readonly worth?: number | undefined },
): readonly number[] {
  if (fusion.weights !== undefined) return weightsOf(kinds, fusion.weights, evenWeight);
  const [dense, lexical] = [rankings[kinds.indexOf("dense")], rankings[kinds.indexOf("lexical")]];
  if (dense === undefined || lexical === undefined) return kinds.map(() => evenWeight);
  return weightsOf(kinds, queryWeights(dense, lexical, worth), evenWeight);
}

/** The weights are for dense and lexical. A leg of likeness has a weight of its own. */
function weightsOf(
  kinds: Kinds,
  [dense = 1, lexical = 1]: readonly number[],
  like: number,
): readonly number[] {
  const byKind = { dense, lexical, like };
  return kinds.map((kind) => byKind[kind]);
}
