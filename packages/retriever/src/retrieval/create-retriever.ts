import {
  ConfigurationError,
  type CallOptions,
  type Collection,
  type CollectionInfo,
  type EmbedInput,
  type Hit,
  type LegTrace,
  type Metadata,
  type Passage,
  type RelationReader,
  type Retrieval,
  type RetrieveOptions,
  type Retriever,
  type SearchQuery,
  type SparseEncoder,
} from "@binnacle/core";
import { inputText } from "@binnacle/core/kit";
import { planBoosts } from "@binnacle/core/stores";
import type { Index } from "../indexing/options/define-index.ts";
import { checkedCollection } from "./checked-collection.ts";
import { expandPassages } from "./expand-passages.ts";
import { fuseLegs, type LegReading } from "./fuse-legs.ts";
import { joinPassages } from "./join-passages.ts";
import { checkQuery } from "./check-query.ts";
import { planLegs, readLegs } from "./plan-legs.ts";
import { encodeQuery, type QueryVectors } from "./query-vectors.ts";
import { createReferenceScale, type ReferenceScale } from "./reference-scale.ts";
import {
  checkRetrieveOptions,
  limitsOf,
  parseRetrieverOptions,
  type ParsedRetrieverOptions,
  type RetrievalMode,
  type RetrieverOptions,
} from "./retriever-options.ts";
import { reorderHits, type ReorderOptions } from "./reorder-hits.ts";
import { rerankHits, type RerankHitsOptions } from "./rerank-hits.ts";
import { queryTerms } from "./query-terms.ts";
import { termEncoder } from "./term-encoder.ts";
import { statisticsOf, weighedTerms, weighsByQuery, worthOf, type StatisticsOf } from "./term-worth.ts";
import { traceTerms } from "./trace-terms.ts";

/** The parts that all calls of one retriever share. */
interface Setting<M extends Metadata> {
  readonly collection: Collection<M>;
  readonly index: Index<M>;
  readonly mode: RetrievalMode;
  readonly parsed: ParsedRetrieverOptions;
  readonly scale?: ReferenceScale | undefined;
  readonly relations?: RelationReader<M> | undefined;
}

/** The {@link Setting} and the parts of one call. */
interface Call<M extends Metadata> extends Setting<M> {
  readonly encoder: SparseEncoder | undefined;
  readonly info: CollectionInfo;
}

/**
 * Creates a retriever over one index, without any I/O. The first call checks that the collection was made
 * with the same embedder and encoder. Calls reject with a `ConfigurationError` of code `not_found`,
 * `wrong_space`, `wrong_encoder` or `empty_query`.
 */
export function createRetriever<M extends Metadata, F extends Metadata>(
  options: RetrieverOptions<M, F>,
): Retriever<M, F>;
// Stores type a filter by all metadata, not only by the declared fields.
export function createRetriever<M extends Metadata>(options: RetrieverOptions<M>): Retriever<M> {
  const parsed = parseRetrieverOptions(options);
  const { store, index } = options;
  const mode = modeFor(index, parsed.mode);
  const binding = parsed.tenant === undefined ? undefined : { tenant: parsed.tenant };
  const collection = store.collection<M>(index.name, binding);
  const { embedder, metric = "cosine" } = index;
  const scale = embedder && createReferenceScale({ collection, embedder, metric });
  const setting = { collection, index, mode, parsed, scale, relations: options.expand?.relations };
  let info: CollectionInfo | undefined;
  return {
    async retrieve(query, callOptions = {}) {
      checkRetrieveOptions(callOptions);
      checkQuery(query);
      callOptions.signal?.throwIfAborted();
      const call = pickCall(callOptions);
      info ??= await checkedCollection(store, index, mode, call);
      const needsTerms = callOptions.evidence === true || (mode === "hybrid" && weighsByQuery(parsed));
      const encoder = needsTerms ? await termEncoder(store, info, index, call) : undefined;
      return retrieve({ ...setting, encoder, info }, query, callOptions);
    },
  };
}

function modeFor(index: Index, asked: RetrievalMode | undefined): RetrievalMode {
  const missing = (what: string): ConfigurationError =>
    new ConfigurationError(
      `createRetriever: mode "${asked ?? "hybrid"}" needs ${what}, which index "${index.name}" does not have. Add it to defineIndex, or choose another mode.`,
    );
  const mode =
    asked ?? (index.sparse === undefined ? "dense" : index.embedder === undefined ? "lexical" : "hybrid");
  if (mode !== "lexical" && index.embedder === undefined) throw missing("an embedder");
  if (mode !== "dense" && index.sparse === undefined) throw missing("a sparse encoder");
  return mode;
}

async function retrieve<M extends Metadata>(
  { encoder, info, ...setting }: Call<M>,
  query: EmbedInput,
  options: RetrieveOptions<M>,
): Promise<Retrieval<M>> {
  const { index, mode, parsed } = setting;
  const call: CallOptions = pickCall(options);
  const text = inputText(query);
  const reorder = reorderOptions(setting, info, options);
  const started = performance.now();
  const onlyLike = options.like !== undefined && query === "";
  const vectors = onlyLike ? {} : await encodeQuery(index, mode, query, call);
  const isTraced = encoder !== undefined && options.evidence === true;
  const terms = isTraced ? await queryTerms(encoder, text, call) : [];
  const embedded = performance.now();
  const weighed = encoder && weighedTerms(vectors, terms);
  const { legs, statistics } = await searchLegs(setting, vectors, weighed, options);
  const fused = fuseLegs(legs, { fusion: parsed.fusion, worth: statistics && worthOf(vectors, statistics) });
  const reranked = await rerankHits(text, fused.hits, rerankOptions(parsed, call));
  const hits = [...(await reorderHits(reranked.scored, reorder)), ...reranked.rest];
  const { passages: found, cuts } = joinPassages(hits, { ...parsed, ...limitsOf(parsed, options) });
  const passages = [...found, ...(await relatedPassages(setting, found, vectors, options))];
  const judged = options.evidence === true && typeof query === "string" && !onlyLike;
  const measured = { vectors, points: statistics?.points };
  const standing = judged ? await standingOf(setting, legs, measured, call) : undefined;
  const searched = performance.now();
  const traced = isTraced && statistics && (await traceTerms({ terms, statistics, passages, encoder }, call));
  return {
    query: text,
    passages,
    trace: {
      mode: legs.length > 1 ? "hybrid" : (legs[0]?.kind ?? mode),
      legs: legs.map((leg) => traceLeg(leg, standing)),
      cuts: [...cuts, ...fused.cuts],
      ...(reranked.trace && { rerank: reranked.trace }),
      ...(traced && { terms: traced, points: statistics?.points }),
      embedMs: embedded - started,
      searchMs: searched - embedded,
      totalMs: performance.now() - started,
    },
  };
}

/**
 * Searches every leg, and at the same time asks for the statistics of the terms if they are needed.
 */
async function searchLegs<M extends Metadata>(
  { collection, parsed }: Setting<M>,
  vectors: QueryVectors,
  indices: Uint32Array | undefined,
  options: RetrieveOptions<M>,
): Promise<{ readonly legs: readonly LegReading<M>[]; readonly statistics?: StatisticsOf | undefined }> {
  const call = pickCall(options);
  const planned = planLegs(vectors, parsed, options);
  const asked = planned.flatMap((leg) => (leg.query === undefined ? [] : [leg.query]));
  const [answers, statistics] = await Promise.all([
    searchAll(collection, asked, call),
    indices && collection.termStatistics(indices, call),
  ]);
  const legs = readLegs(planned, answers, options);
  return { legs, statistics: indices && statistics && statisticsOf(indices, statistics) };
}

function rerankOptions(
  { reranker, rerankCandidates: candidates, onRerankFailure: onFailure }: ParsedRetrieverOptions,
  call: CallOptions,
): RerankHitsOptions | undefined {
  return reranker && { reranker, candidates, onFailure, call };
}

/** Checks boosts and diversity before anything is sent. */
function reorderOptions<M extends Metadata>(
  { collection, index, parsed }: Setting<M>,
  info: CollectionInfo,
  options: RetrieveOptions<M>,
): ReorderOptions {
  const { boost = [], diversity } = options;
  const { limit } = limitsOf(parsed, options);
  if (diversity !== undefined && info.dense === undefined)
    throw new ConfigurationError(
      `retrieve: \`diversity\` compares dense vectors, which index "${index.name}" does not have. Omit it.`,
    );
  const vectorsOf = async (ids: readonly string[]): Promise<ReadonlyMap<string, Float32Array>> => {
    const points = await collection.get(ids, { ...pickCall(options), includeVectors: true });
    return new Map(points.flatMap((point) => (point?.dense ? [[point.id, point.dense] as const] : [])));
  };
  return { boosts: planBoosts(boost, info.fields ?? {}), diversity, limit, vectorsOf };
}

/** Returns the passages that relations add. Empty if the retriever does not expand. */
async function relatedPassages<M extends Metadata>(
  { collection, parsed, relations }: Setting<M>,
  passages: readonly Passage<M>[],
  vectors: QueryVectors,
  options: RetrieveOptions<M>,
): Promise<readonly Passage<M>[]> {
  const { expand } = parsed;
  if (relations === undefined || expand === undefined || passages.length === 0) return [];
  const { maxTokens = Infinity } = limitsOf(parsed, options);
  const used = passages.flatMap(({ hits }) => hits).reduce((sum, { chunk }) => sum + chunk.tokens, 0);
  const rest = { filter: options.filter, maxTokens: maxTokens - used };
  const input = { collection, passages, relations, vectors, ...rest, ...expand };
  return expandPassages(input, pickCall(options));
}

function traceLeg({ kind, minScore, hits }: LegReading, standing: number | undefined): LegTrace {
  const trace = { kind, minScore, found: hits.length, best: hits[0]?.score };
  return kind === "dense" ? { ...trace, standing } : trace;
}

/**
 * Returns the standing of the best dense hit. Undefined if the leg has a threshold, which replaces the scale.
 */
async function standingOf<M extends Metadata>(
  { collection, scale }: Setting<M>,
  legs: readonly LegReading[],
  { vectors, points }: { readonly vectors: QueryVectors; readonly points?: number | undefined },
  options: CallOptions,
): Promise<number | undefined> {
  const leg = legs.find(({ kind }) => kind === "dense");
  const best = leg?.hits[0]?.score;
  if (scale === undefined || vectors.dense === undefined || best === undefined) return undefined;
  if (leg?.minScore !== undefined) return undefined;
  const count = points ?? (await collection.count(undefined, options));
  return scale.standing(vectors.dense, best, count, options);
}

async function searchAll<M extends Metadata>(
  collection: Collection<M>,
  queries: readonly SearchQuery<M>[],
  options: CallOptions,
): Promise<readonly (readonly Hit<M>[])[]> {
  return queries.length === 0 ? [] : collection.searchMany(queries, options);
}

function pickCall({ signal, deadlineAt, traceparent }: CallOptions): CallOptions {
  return { signal, deadlineAt, traceparent };
}
