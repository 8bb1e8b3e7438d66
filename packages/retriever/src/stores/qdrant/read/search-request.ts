import type { Hit } from "@binnacle/core";
import { normalized } from "@binnacle/core/kit";
import {
  rankHits,
  type RankableLeg,
  type Ranked,
  type RankedHit,
  type ResolvedSpec,
  type SearchPlan,
} from "@binnacle/core/stores";
import { z } from "zod";
import type { OpenCollection } from "../collections/open-collections.ts";
import { float32Below } from "../wire/float32-below.ts";
import { DENSE, SPARSE } from "../wire/payload-keys.ts";
import { readPayload, type ReadPayload } from "../wire/point-payload.ts";
import { denseAsHeld } from "../wire/stored-record.ts";
import { searchFilter, tenantConditions } from "../wire/selector-filter.ts";

/** The points that a search may see, and its settings. */
export interface SearchScope {
  readonly collection: OpenCollection;
  readonly tenant: string | undefined;
  /** Number of candidates that are scored again by the originals, as a multiple of the limit. */
  readonly oversampling: number;
}

/** One search of `points/query/batch`. A `query` may be a vector. */
export type LegSearch = Readonly<Record<string, unknown>>;

/** The response to one search. */
export const rankingSchema: z.ZodObject<{
  points: z.ZodArray<
    z.ZodObject<{
      id: z.ZodString;
      score: z.ZodNullable<z.ZodNumber>;
      payload: z.ZodOptional<z.ZodUnknown>;
      vector: z.ZodOptional<z.ZodUnknown>;
    }>
  >;
}> = z.object({
  points: z.array(
    z.object({
      id: z.string(),
      score: z.number().nullable(),
      payload: z.unknown().optional(),
      vector: z.unknown().optional(),
    }),
  ),
});

/** The ranking of one search. */
export type LegRanking = z.output<typeof rankingSchema>;

/** Returns the search of a leg, or undefined if the leg can find nothing. */
export function legSearch(
  leg: RankableLeg,
  plan: SearchPlan<RankableLeg>,
  scope: SearchScope,
): LegSearch | undefined {
  if (leg.kind === "sparse" && leg.sparse.indices.length === 0) return undefined;
  const { spec } = scope.collection;
  const filter = searchFilter(plan, scope.tenant);
  // A leg whose order is final needs no more than the page and what is before it.
  const isFinal = plan.legs.length === 1 && plan.boosts.length === 0 && !plan.mmr;
  const limit = isFinal ? Math.min(leg.limit, plan.limit + plan.offset) : leg.limit;
  const threshold = scoreThreshold(leg, spec);
  return {
    ...legQuery(leg, scope),
    limit,
    with_payload: true,
    ...(plan.mmr && { with_vector: [DENSE] }),
    ...(filter && { filter }),
    ...(threshold !== undefined && { score_threshold: threshold }),
  };
}

/** Returns the search fields of a leg's query vector. */
export function sparseQuery(
  { indices, values }: { readonly indices: Uint32Array; readonly values: Float32Array },
  { collection: { spec }, tenant }: SearchScope,
): LegSearch {
  const within = spec.sparse?.idf === "bm25" && spec.sparse.idfScope === "tenant" && tenant !== undefined;
  return {
    query: { indices: Array.from(indices), values: Array.from(values) },
    using: SPARSE,
    ...(within && { params: { idf: { corpus: { must: tenantConditions(tenant) } } } }),
  };
}

/** Returns the hits of a plan from the rankings of its legs, in their order. */
export function hitsOf(
  answers: readonly (LegRanking | undefined)[],
  plan: SearchPlan<RankableLeg>,
  { collection: { spec } }: SearchScope,
): readonly Hit[] {
  const found = new Map<string, Found>();
  const rankings = plan.legs.map((leg, i) => ranking(answers[i], leg, spec, found));
  const hits = rankHits(rankings, plan, byId, {
    metadataOf: (id) => found.get(id)?.point.metadata ?? {},
    vectorOf: (id) => found.get(id)?.vector() ?? new Float32Array(),
  });
  return hits.flatMap((ranked) => hit(ranked, found.get(ranked.key)?.point));
}

interface Found {
  readonly point: ReadPayload;
  readonly vector: () => Float32Array;
}

function hit({ key: id, score, legs }: RankedHit<string>, point: ReadPayload | undefined): readonly Hit[] {
  if (!point) return [];
  const { version, chunk, metadata } = point;
  return [{ id, score, version, chunk, metadata, ...(legs && { legs }) }];
}

function ranking(
  answer: LegRanking | undefined,
  leg: RankableLeg,
  spec: ResolvedSpec,
  found: Map<string, Found>,
): readonly Ranked<string>[] {
  const ranked = (answer?.points ?? []).flatMap((record) => {
    const { id: stored, score: given, payload } = record;
    // Qdrant's distance grows with the distance, but our similarity falls. A score of null is infinite.
    const score = given !== null && isEuclidean(leg, spec) ? -given : given;
    if (score === null || score < leg.minScore || (leg.kind === "sparse" && score <= 0)) return [];
    const point = readPayload(payload);
    const key = point.id ?? stored;
    if (!found.has(key)) found.set(key, { point, vector: () => denseAsHeld(record) });
    return [{ key, score: score === 0 ? 0 : score }];
  });
  return ranked.sort((a, b) => b.score - a.score || byId(a.key, b.key)).slice(0, leg.limit);
}

function legQuery(leg: RankableLeg, scope: SearchScope): LegSearch {
  const { spec, quantized } = scope.collection;
  if (leg.kind === "sparse") return sparseQuery(leg.sparse, scope);
  const quantization = quantized && { rescore: true, oversampling: scope.oversampling };
  const numbers = (vectors: readonly Float32Array[]) => vectors.map((vector) => Array.from(vector));
  if (leg.kind === "best") {
    const recommend = { positive: numbers(leg.like), negative: numbers(leg.unlike), strategy: "best_score" };
    return { query: { recommend }, using: DENSE, ...(quantization && { params: { quantization } }) };
  }
  if (leg.kind === "context") {
    const context = leg.pairs.map(({ like, unlike }) => ({
      positive: Array.from(like),
      negative: Array.from(unlike),
    }));
    const query = leg.target ? { discover: { target: Array.from(leg.target), context } } : { context };
    return { query, using: DENSE, ...(quantization && { params: { quantization } }) };
  }
  // Normalized here, because the square of a very small number is zero in the server's float32.
  const query = spec.dense?.metric === "cosine" ? normalized(leg.dense) : leg.dense;
  const params = { ...effortParams(leg.effort), ...(quantization && { quantization }) };
  return { query, using: DENSE, ...(Object.keys(params).length > 0 && { params }) };
}

function effortParams(effort: "exact" | { readonly ef: number } | undefined): LegSearch {
  if (effort === undefined) return {};
  return effort === "exact" ? { exact: true } : { hnsw_ef: effort.ef };
}

/** Returns the threshold for Qdrant, which drops scores equal to it. Our threshold keeps them, so the next
 * lower number is sent. */
function scoreThreshold(leg: RankableLeg, spec: ResolvedSpec): number | undefined {
  const below = float32Below(leg.minScore);
  if (!Number.isFinite(below)) return undefined;
  return isEuclidean(leg, spec) ? -below : below;
}

function isEuclidean(leg: RankableLeg, { dense }: ResolvedSpec): boolean {
  return leg.kind === "dense" && dense?.metric === "euclid";
}

function byId(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
