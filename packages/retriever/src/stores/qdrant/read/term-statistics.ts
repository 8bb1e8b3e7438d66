import type { CallOptions, TermStatistics } from "@binnacle/core";
import { inverseDocumentFrequency } from "@binnacle/core/stores";
import { countPoints } from "./read-points.ts";
import { queryBatch } from "./run-searches.ts";
import { sparseQuery, type LegRanking, type SearchScope } from "./search-request.ts";
import { SPARSE } from "../wire/payload-keys.ts";
import type { QdrantApi } from "../wire/qdrant-api.ts";
import { tenantConditions } from "../wire/selector-filter.ts";
import { termWeight } from "../wire/stored-record.ts";

/** Reads how common terms are. Qdrant does not count terms, but a search for one term scores its stored
 * weight times its IDF. The best point's vector contains the weight. Sends one count, and one small
 * search per term. */
export async function readTermStatistics(
  indices: Uint32Array,
  scope: SearchScope,
  api: QdrantApi,
  call: CallOptions,
): Promise<TermStatistics> {
  const { spec } = scope.collection;
  const within = spec.sparse?.idfScope === "tenant" ? tenantConditions(scope.tenant) : [];
  const filter = { must: [...within, { has_vector: SPARSE }] };
  const counted = countPoints(filter, api, spec.name, call);
  const unique = spec.sparse?.idf === "none" ? [] : [...new Set(indices)];
  const searches = unique.map((index) => ({
    ...sparseQuery({ indices: Uint32Array.of(index), values: Float32Array.of(1) }, scope),
    limit: 1,
    with_payload: false,
    with_vector: [SPARSE],
    ...(within.length > 0 && { filter: { must: within } }),
  }));
  const [points, answers] = await Promise.all([counted, queryBatch(searches, scope, api, call)]);
  const known = new Map(unique.map((index, i) => [index, idfOf(index, answers[i], points)]));
  return { points, terms: Array.from(indices, (index) => ({ idf: known.get(index) ?? 1 })) };
}

function idfOf(index: number, answer: LegRanking | undefined, points: number): number {
  const [best] = answer?.points ?? [];
  const weight = best && termWeight(best, index);
  if (!best?.score || !weight) return inverseDocumentFrequency(points, 0);
  return best.score / weight;
}
