import type { CallOptions } from "./call-options.ts";
import type { EmbedInput } from "./embedder.ts";
import type { Filter } from "./filter.ts";
import type { Metadata } from "./metadata.ts";
import type { Boost, Hit } from "./search.ts";

/** Options of {@link Retriever.retrieve}. */
export interface RetrieveOptions<M extends Metadata = Metadata> extends CallOptions {
  /** Most passages returned. @default the retriever's own */
  readonly limit?: number | undefined;
  /**
   * Most tokens of all hits together, as the chunker counted them. A hit that does not fit is left out, and a
   * smaller hit after it may fit. Without a limit, up to 50 hits fill the budget. @default the retriever's own
   */
  readonly maxTokens?: number | undefined;
  readonly filter?: Filter<M> | undefined;
  /** Changes to the scores of the hits after fusion, as in {@link SearchQuery.boost}. At most 32.
   * @default none */
  readonly boost?: readonly Boost<M>[] | undefined;
  /** Orders the hits so that they differ from each other, as {@link Mmr} says. From 0, only relevance, to 1,
   * only difference. Costs one read of the hits' vectors. @default no change of the order */
  readonly diversity?: number | undefined;
  /**
   * Ids of points that the passages should resemble, from 1 to 64. They make a leg of their own with weight
   * 1, and the query may then be an empty text. The result holds none of these points. Rejects with an
   * `UnsupportedError` if the store lacks the feature `like`. @default none
   */
  readonly like?: readonly string[] | undefined;
  /** Ids of points that the passages should differ from, at most 64. Only with `like`. @default none */
  readonly unlike?: readonly string[] | undefined;
  /**
   * True: the trace also holds the evidence by which answerers judge relevance. `terms` holds the rarity of
   * each query term and its matches in the passages, if the store has term statistics. `standing` shows how
   * far the dense leg's best hit stands out. Costs one read of term statistics, and sometimes a search for
   * each of a few dozen reference questions. @default false
   */
  readonly evidence?: boolean | undefined;
}

/** One hit, or several neighbouring hits of one document that are joined. */
export interface Passage<M extends Metadata = Metadata> {
  readonly documentId: string;
  readonly sourceId: string;
  /** Offset of the first character in the document's text, in UTF-16 units. */
  readonly start: number;
  /** Offset after the last character, in UTF-16 units. */
  readonly end: number;
  /** The document's text from `start` to `end`. */
  readonly text: string;
  readonly path: readonly string[];
  readonly title?: string | undefined;
  readonly uri?: string | undefined;
  /** The best score among the joined hits. 0 if a relation added the passage, which was not ranked. */
  readonly score: number;
  readonly metadata: M;
  /** The hits of the passage, in reading order, with their ranks and scores in each leg. */
  readonly hits: readonly Hit<M>[];
  /** The relation that added the passage. Undefined if the search found the passage. */
  readonly via?: PassageVia | undefined;
}

/** The relation that leads to a passage from a passage that the search found. */
export interface PassageVia {
  /** Name of the relation, such as `ownedBy`. */
  readonly relation: string;
  /** Document of the passage from which the relation starts. */
  readonly documentId: string;
  readonly sourceId: string;
}

/** A hit that was found, but not returned or not counted in one leg. */
export interface RetrievalCut {
  readonly id: string;
  readonly documentId: string;
  /** `min_score`: the score in `leg` is below that leg's threshold, but another leg may have kept the hit.
   * `limit`: there were enough better hits. `budget`: the hit did not fit into `maxTokens`. `contained`: a
   * better passage holds the hit's text. */
  readonly reason: "min_score" | "limit" | "budget" | "contained";
  /** Score in `leg`. Without `leg`, the score by which the hit was ranked. */
  readonly score: number;
  /** The leg that dropped the hit. Only with `min_score`. */
  readonly leg?: LegTrace["kind"] | undefined;
}

/** The trace of one leg. */
export interface LegTrace {
  readonly kind: "dense" | "lexical" | "like";
  /** The threshold that applied. Undefined if there was none. */
  readonly minScore?: number | undefined;
  /** Number of hits that were read from the leg. */
  readonly found: number;
  /** The score of the leg's best hit, before its threshold. Undefined if the leg found nothing. */
  readonly best?: number | undefined;
  /**
   * Distance of the query from questions that are unrelated to the collection, in standard deviations above
   * their upper quartile. Most unrelated queries lie below 0. Only for a dense leg without a threshold, and
   * with `evidence`.
   */
  readonly standing?: number | undefined;
}

/** One occurrence of a term in a passage. */
export interface TermMatch {
  /** Position of the passage in {@link Retrieval.passages}. */
  readonly passage: number;
  /** Offset of the first character in the document's text, in UTF-16 units. */
  readonly start: number;
  /** Offset after the last character, in UTF-16 units. */
  readonly end: number;
}

/** One term of the query, as the lexical leg reads it. Stop words are not terms, and inflections share one
 * term. */
export interface TermTrace {
  /** The word in the query. In scripts without spaces, the part of a word that forms the term. */
  readonly term: string;
  /** IDF of the term, counted over all points within the collection's `idfScope`, regardless of the
   * filter. */
  readonly idf: number;
  /** False if no point within the collection's `idfScope` has the term. True if the store cannot count such
   * points. */
  readonly known: boolean;
  /** Occurrences of the term in the texts of the passages, in reading order. */
  readonly matches: readonly TermMatch[];
  /** Positions of the passages whose title, heading path or context has the term. */
  readonly headings: readonly number[];
}

/** The trace of a reranking. */
export interface RerankTrace {
  /** Number of hits that the reranker was asked to score, best first after the fusion. */
  readonly candidates: number;
  /** The hits that the reranker refused, such as texts that are too long. They rank below the scored hits. */
  readonly failed: readonly { readonly id: string; readonly code: string }[];
  /** The code of the error with which the whole reranking failed. The order is then that of the fusion. */
  readonly error?: string | undefined;
  /** Time for the reranking, in milliseconds. */
  readonly rerankMs: number;
}

/** Explains why each passage was returned and why other hits were not. */
export interface RetrievalTrace {
  /** The leg, or `hybrid` if there are several. */
  readonly mode: LegTrace["kind"] | "hybrid";
  readonly legs: readonly LegTrace[];
  readonly cuts: readonly RetrievalCut[];
  /** Undefined if the retriever has no reranker, or if the query has no text. */
  readonly rerank?: RerankTrace | undefined;
  /**
   * The first 64 terms of the query, in order. Only with `evidence`, and if the index has a sparse encoder
   * and the store has term statistics.
   */
  readonly terms?: readonly TermTrace[] | undefined;
  /** Number of points with a sparse vector within the collection's `idfScope`, regardless of the filter. Only
   * together with `terms`. */
  readonly points?: number | undefined;
  /** Age of the result in milliseconds, if it came from a cache. The durations below are those of this
   * call. */
  readonly cachedForMs?: number | undefined;
  /** Time for embedding the query, in milliseconds. */
  readonly embedMs: number;
  /** Time for the search, in milliseconds. */
  readonly searchMs: number;
  /** Time for the whole call, in milliseconds. */
  readonly totalMs: number;
}

/** The result of {@link Retriever.retrieve}. It is plain data that can be logged, cached and sent. */
export interface Retrieval<M extends Metadata = Metadata> {
  readonly query: string;
  /** Best first, then the passages that relations added. */
  readonly passages: readonly Passage<M>[];
  readonly trace: RetrievalTrace;
}

/** Finds the passages that answer a question. `M` is the metadata of passages. `F` is the part of it that
 * filters may name. */
export interface Retriever<M extends Metadata = Metadata, F extends Metadata = M> {
  /**
   * Returns passages for the query, best first, and a trace. The list may be empty. Rejects with a
   * `ConfigurationError` if the query is empty, or if index and collection do not match. If the store or the
   * embedder fails, it rejects with their error. It never returns the results of the other leg alone.
   */
  retrieve(query: EmbedInput, options?: RetrieveOptions<F>): Promise<Retrieval<M>>;
}
