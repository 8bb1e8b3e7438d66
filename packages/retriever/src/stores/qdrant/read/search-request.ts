import type { Hit, LegScore } from "@binnacle/core";
import { normalized } from "@binnacle/core/kit";
import {
  fuseRankings,
  legScores,
  type PlannedLeg,
  type Ranked,
  type ResolvedSpec,
  type SearchPlan,
} from "@binnacle/core/stores";
import { z } from "zod";
import type { OpenCollection } from "../collections/open-collections.ts";
import { float32Below } from "../wire/float32-below.ts";
import { DENSE, SPARSE } from "../wire/payload-keys.ts";
import { readPayload, type ReadPayload } from "../wire/point-payload.ts";
import { searchFilter, tenantConditions } from "../wire/selector-filter.ts";

/** Whose points are searched, and how. */
export interface SearchScope {
  readonly collection: OpenCollection;
  readonly tenant: string | undefined;
  /** Candidates that are scored again by the originals, as a multiple of the limit. */
  readonly oversampling: number;
}

/** One search of `points/query/batch`. */
export type LegSearch = Readonly<Record<string, unknown>>;

/** What a search answers. */
export const rankingSchema: z.ZodObject<{
  points: z.ZodArray<
    z.ZodObject<{
      id: z.ZodString;
      score: z.ZodNullable<z.ZodNumber>;
      payload: z.ZodUnknown;
      vector: z.ZodUnknown;
    }>
  >;
}> = z.object({
  points: z.array(
    z.object({ id: z.string(), score: z.number().nullable(), payload: z.unknown(), vector: z.unknown() }),
  ),
});

/** The answer of one search. */
export type LegRanking = z.output<typeof rankingSchema>;

/** The search of a leg; undefined if the leg can find nothing. */
export function legSearch(leg: PlannedLeg, plan: SearchPlan, scope: SearchScope): LegSearch | undefined {
  if (leg.kind === "sparse" && leg.sparse.indices.length === 0) return undefined;
  const { spec } = scope.collection;
  const filter = searchFilter(plan.filter, scope.tenant);
  // A leg that is not fused needs no more than the page and what is before it.
  const limit = plan.legs.length === 1 ? Math.min(leg.limit, plan.limit + plan.offset) : leg.limit;
  const threshold = scoreThreshold(leg, spec);
  return {
    ...(leg.kind === "dense" ? denseQuery(leg.dense, scope) : sparseQuery(leg.sparse, scope)),
    limit,
    with_payload: true,
    ...(filter && { filter }),
    ...(threshold !== undefined && { score_threshold: threshold }),
  };
}

/** Turns a leg's query vector into the fields of a search. */
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

/** Makes hits of the answers of a plan's legs, in the legs' order. */
export function hitsOf(
  answers: readonly (LegRanking | undefined)[],
  plan: SearchPlan,
  { collection: { spec } }: SearchScope,
): readonly Hit[] {
  const found = new Map<string, ReadPayload>();
  const rankings = plan.legs.map((leg, i) => ranking(answers[i], leg, spec, found));
  const fused = fuseRankings(rankings, { fusion: plan.fusion, compare: byId });
  const legsOf = plan.explain ? legScores(rankings) : undefined;
  return fused
    .slice(plan.offset, plan.offset + plan.limit)
    .flatMap(({ key, score }) => hit(key, score, found.get(key), legsOf?.(key)));
}

function hit(
  id: string,
  score: number,
  point: ReadPayload | undefined,
  legs: (LegScore | undefined)[] | undefined,
): readonly Hit[] {
  if (!point) return [];
  const { version, chunk, metadata } = point;
  return [{ id, score, version, chunk, metadata, ...(legs && { legs }) }];
}

function ranking(
  answer: LegRanking | undefined,
  leg: PlannedLeg,
  spec: ResolvedSpec,
  found: Map<string, ReadPayload>,
): readonly Ranked<string>[] {
  const ranked = (answer?.points ?? []).flatMap(({ id: stored, score: given, payload }) => {
    // Qdrant's distance grows with the distance, our similarity falls. A score of null is infinite.
    const score = given !== null && isEuclidean(leg, spec) ? -given : given;
    if (score === null || score < leg.minScore || (leg.kind === "sparse" && score <= 0)) return [];
    const point = readPayload(payload);
    const key = point.id ?? stored;
    if (!found.has(key)) found.set(key, point);
    return [{ key, score: score === 0 ? 0 : score }];
  });
  return ranked.sort((a, b) => b.score - a.score || byId(a.key, b.key)).slice(0, leg.limit);
}

function denseQuery(dense: Float32Array, { collection, oversampling }: SearchScope): LegSearch {
  const { spec, quantized } = collection;
  // Normalized here, because the square of a very small number is zero in the server's float32.
  const query = spec.dense?.metric === "cosine" ? normalized(dense) : dense;
  return {
    query: Array.from(query),
    using: DENSE,
    ...(quantized && { params: { quantization: { rescore: true, oversampling } } }),
  };
}

/** Qdrant drops scores at the threshold; ours keeps them, so the next number below is sent. */
function scoreThreshold(leg: PlannedLeg, spec: ResolvedSpec): number | undefined {
  const below = float32Below(leg.minScore);
  if (!Number.isFinite(below)) return undefined;
  return isEuclidean(leg, spec) ? -below : below;
}

function isEuclidean(leg: PlannedLeg, { dense }: ResolvedSpec): boolean {
  return leg.kind === "dense" && dense?.metric === "euclid";
}

function byId(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
