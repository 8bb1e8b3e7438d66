import type {
  CallOptions,
  Collection,
  Filter,
  Hit,
  Metadata,
  Passage,
  RelatedDocuments,
  RelationReader,
  SearchQuery,
} from "@binnacle/core";
import type { QueryVectors } from "./query-vectors.ts";

/** The relations of one passage, with the passage itself. */
interface Origin<M extends Metadata> {
  readonly passage: Passage<M>;
  readonly related: RelatedDocuments<M>;
}

/** The parts from which passages are expanded. */
export interface ExpansionInput<M extends Metadata> {
  readonly collection: Collection<M>;
  readonly passages: readonly Passage<M>[];
  readonly relations: RelationReader<M>;
  /** Number of passages whose relations are followed. */
  readonly from: number;
  /** Most passages added. */
  readonly limit: number;
  /** Most tokens of the added passages together. */
  readonly maxTokens: number;
  readonly vectors: QueryVectors;
  /** The filter of the call. Related passages meet it too. */
  readonly filter?: Filter<M> | undefined;
}

/** Most groups of related documents in one search. */
const mostFilters = 64;

/**
 * Returns the passages that relations add to those that the search found, one for each related document, and
 * those most like the query first. One search finds them all. A hit that does not fit into the tokens is skipped.
 */
export async function expandPassages<M extends Metadata>(
  { collection, passages, relations, from, limit, maxTokens, vectors, filter }: ExpansionInput<M>,
  call: CallOptions,
): Promise<readonly Passage<M>[]> {
  if (maxTokens <= 0) return [];
  const origins = passages
    .slice(0, from)
    .flatMap((passage) => relations(passage.metadata).map((related) => ({ passage, related })))
    .slice(0, mostFilters);
  if (origins.length === 0) return [];
  const both = filterFor(
    origins.map(({ related }) => related.filter),
    filter,
  );
  const candidates = await candidatesFor(collection, { vectors, filter: both, limit: 8 * limit }, call);
  return chosen(candidates, { passages, origins, limit, maxTokens });
}

/** Joins the filters of the relations with the filter of the call. */
function filterFor<M extends Metadata>(related: readonly Filter<M>[], asked?: Filter<M>): Filter<M>;
// A filter over unknown fields cannot be written as a literal.
function filterFor(related: readonly Filter[], asked?: Filter): Filter {
  return asked === undefined ? { $or: related } : { $and: [asked, { $or: related }] };
}

interface CandidateQuery<M extends Metadata> {
  readonly vectors: QueryVectors;
  readonly filter: Filter<M>;
  readonly limit: number;
}

/** Ranks by the dense vector if there is one, since a related document need not share a word with the query. */
async function candidatesFor<M extends Metadata>(
  collection: Collection<M>,
  { vectors, filter, limit }: CandidateQuery<M>,
  call: CallOptions,
): Promise<readonly Hit<M>[]> {
  if (vectors.dense !== undefined) {
    const query: SearchQuery<M> = { legs: [{ dense: vectors.dense.vector, limit }], filter, limit };
    return collection.search(query, call);
  }
  const found: Hit<M>[] = [];
  for await (const { id, version, chunk, metadata } of collection.scan({
    ...call,
    filter,
    pageSize: limit,
  })) {
    found.push({ id, score: 0, version, chunk, metadata });
    if (found.length >= limit) break;
  }
  // The first chunk of a document says what the document is.
  return found.sort((a, b) => a.chunk.index - b.chunk.index);
}

interface Choice<M extends Metadata> {
  readonly passages: readonly Passage<M>[];
  readonly origins: readonly Origin<M>[];
  readonly limit: number;
  readonly maxTokens: number;
}

function chosen<M extends Metadata>(
  candidates: readonly Hit<M>[],
  { passages, origins, limit, maxTokens }: Choice<M>,
): readonly Passage<M>[] {
  const taken = new Set(passages.map(({ sourceId, documentId }) => nameOf(sourceId, documentId)));
  const added: Passage<M>[] = [];
  let tokens = 0;
  for (const hit of candidates) {
    if (added.length >= limit) break;
    const { sourceId, documentId } = hit.chunk;
    if (taken.has(nameOf(sourceId, documentId)) || tokens + hit.chunk.tokens > maxTokens) continue;
    const passage = relatedPassage(hit, origins);
    if (passage === undefined) continue;
    taken.add(nameOf(sourceId, documentId));
    added.push(passage);
    tokens += hit.chunk.tokens;
  }
  return added;
}

function relatedPassage<M extends Metadata>(
  hit: Hit<M>,
  origins: readonly Origin<M>[],
): Passage<M> | undefined {
  for (const { passage: from, related } of origins) {
    const relation = related.relationTo(hit.metadata);
    if (relation === undefined) continue;
    const { documentId, sourceId, start, end, text, path, title, uri } = hit.chunk;
    const via = { relation, documentId: from.documentId, sourceId: from.sourceId };
    const place = { documentId, sourceId, start, end, text, path, title, uri };
    return { ...place, score: 0, metadata: hit.metadata, hits: [hit], via };
  }
  return undefined;
}

function nameOf(sourceId: string, documentId: string): string {
  return JSON.stringify([sourceId, documentId]);
}
