import {
  ConfigurationError,
  type Hit,
  type LegTrace,
  type Metadata,
  type RetrieveOptions,
  type SearchQuery,
} from "@binnacle/core";
import type { LegReading } from "./fuse-legs.ts";
import type { QueryVectors } from "./query-vectors.ts";
import { defaultLimit, type ParsedRetrieverOptions } from "./retriever-options.ts";

/** One leg to search by itself. The store does not get the threshold, so that every cut can be reported. */
export interface PlannedLeg<M extends Metadata = Metadata> {
  readonly kind: LegTrace["kind"];
  readonly minScore?: number | undefined;
  /** The id of the space or encoder that every hit must have been indexed with. */
  readonly madeWith?: string | undefined;
  /** The store's query. Undefined if the sparse query has no terms. */
  readonly query?: SearchQuery<M> | undefined;
}

/** Plans the legs of a query, in the order dense, lexical, like. */
export function planLegs<M extends Metadata>(
  { dense, sparse, encoderId }: QueryVectors,
  parsed: ParsedRetrieverOptions,
  { limit = parsed.limit ?? defaultLimit, filter, like, unlike }: RetrieveOptions<M>,
): readonly PlannedLeg<M>[] {
  const rest = { limit: parsed.candidates ?? Math.max(50, 4 * limit), filter };
  const legs: PlannedLeg<M>[] = [];
  if (dense !== undefined) {
    legs.push({
      kind: "dense",
      minScore: parsed.minScore.dense ?? dense.suggestedMinScore,
      madeWith: dense.spaceId,
      query: { legs: [{ dense: dense.vector, limit: rest.limit }], ...rest },
    });
  }
  if (sparse !== undefined) {
    const query: SearchQuery<M> = { legs: [{ sparse, limit: rest.limit }], ...rest };
    legs.push({
      kind: "lexical",
      minScore: parsed.minScore.lexical,
      madeWith: encoderId,
      query: sparse.indices.length === 0 ? undefined : query,
    });
  }
  if (like !== undefined) {
    const leg = { like, ...(unlike && { unlike }), limit: rest.limit };
    legs.push({ kind: "like", query: { legs: [leg], ...rest } });
  }
  return legs;
}

/**
 * Combines the planned legs with the store's answers. Throws a `ConfigurationError` if a hit was made with
 * another space or encoder.
 */
export function readLegs<M extends Metadata>(
  legs: readonly PlannedLeg<M>[],
  answers: readonly (readonly Hit<M>[])[],
  { like = [], unlike = [] }: RetrieveOptions<M>,
): readonly LegReading<M>[] {
  let next = 0;
  const seeds = new Set([...like, ...unlike]);
  return legs.map(({ kind, minScore, madeWith, query }) => {
    const found = query === undefined ? [] : (answers[next++] ?? []);
    const hits = seeds.size === 0 ? found : found.filter(({ id }) => !seeds.has(id));
    if (kind !== "like") checkMaker(kind, madeWith, hits);
    return { kind, minScore, hits };
  });
}

// Later than the first call's check, the collection may be recreated or the server may change its model.
function checkMaker(kind: PlannedLeg["kind"], madeWith: string | undefined, hits: readonly Hit[]): void {
  for (const { chunk } of hits) {
    const stored = kind === "dense" ? chunk.spaceId : chunk.encoderId;
    if (stored === undefined || stored === madeWith) continue;
    throw new ConfigurationError(
      `retrieve: the collection was indexed with "${stored}", but the query was made with "${madeWith}". Use the collection's, or index into a new collection.`,
      { code: kind === "dense" ? "wrong_space" : "wrong_encoder" },
    );
  }
}
