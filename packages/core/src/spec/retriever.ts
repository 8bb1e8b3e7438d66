import type { CallOptions } from "./call-options.ts";
import type { EmbedInput } from "./embedder.ts";
import type { Filter } from "./filter.ts";
import type { Metadata } from "./metadata.ts";
import type { Hit } from "./search.ts";

/** Options of {@link Retriever.retrieve}. */
export interface RetrieveOptions<M extends Metadata = Metadata> extends CallOptions {
  /** Most passages returned. @default the retriever's own */
  readonly limit?: number | undefined;
  readonly filter?: Filter<M> | undefined;
  /**
   * True: the trace also holds what answerers judge relevance by. `terms` says how rare each of the query's terms is and
   * where the passages have it. `standing` says how far the dense leg's best hit stands out. Costs one read of term
   * statistics and, from time to time, a search for each of a few dozen reference questions. @default false
   */
  readonly evidence?: boolean | undefined;
}

/** One passage: a hit, or several neighbouring hits of one document joined. */
export interface Passage<M extends Metadata = Metadata> {
  readonly documentId: string;
  readonly sourceId: string;
  /** First character in the document's text, UTF-16. */
  readonly start: number;
  /** One past the last character, UTF-16. */
  readonly end: number;
  /** The document's text from `start` to `end`. */
  readonly text: string;
  readonly path: readonly string[];
  readonly title?: string | undefined;
  readonly uri?: string | undefined;
  /** The best score among the joined hits. */
  readonly score: number;
  readonly metadata: M;
  /** The hits it was made of, in reading order, each with its leg ranks and scores. */
  readonly hits: readonly Hit<M>[];
  /** Why the passage is here though the search did not rank it. Undefined for a passage that the search found. */
  readonly via?: PassageVia | undefined;
}

/** The relation by which a passage was reached from a passage that the search found. */
export interface PassageVia {
  /** The relation's name, such as `ownedBy`. */
  readonly relation: string;
  /** The document of the passage that the relation starts from. */
  readonly documentId: string;
  readonly sourceId: string;
}

/** A hit that was found and not returned, or not counted in one leg. */
export interface RetrievalCut {
  readonly id: string;
  readonly documentId: string;
  /** `min_score`: its score in `leg` is below that leg's threshold; another leg may have kept it all the same. `limit`: there
   * were enough better ones. `contained`: a better passage holds its text. */
  readonly reason: "min_score" | "limit" | "contained";
  /** In `leg`, or else the score it was ranked by. */
  readonly score: number;
  /** The leg that cut it, with `min_score`. */
  readonly leg?: "dense" | "lexical" | undefined;
}

/** What one leg of the retrieval did. */
export interface LegTrace {
  readonly kind: "dense" | "lexical";
  /** The threshold in force; undefined: none. */
  readonly minScore?: number | undefined;
  /** How many hits of the leg were read. */
  readonly found: number;
  /** The score of the leg's best hit, before its threshold. Undefined if the leg found nothing. */
  readonly best?: number | undefined;
  /**
   * How far the query stands out from questions that have nothing to do with the collection, in standard deviations above
   * their upper quartile; most unrelated queries lie below 0. Only in a dense leg without a threshold, with `evidence`.
   */
  readonly standing?: number | undefined;
}

/** One place where a passage has a term. */
export interface TermMatch {
  /** Position of the passage in {@link Retrieval.passages}. */
  readonly passage: number;
  /** First character in the document's text, UTF-16. */
  readonly start: number;
  /** One past the last character, UTF-16. */
  readonly end: number;
}

/** One of the query's terms, as the lexical leg sees it: stop words are none, inflections are one. */
export interface TermTrace {
  /** The word as the query has it; in scripts without spaces, the part of a word that is the term. */
  readonly term: string;
  /** Its IDF in the collection, whatever the filter; that of a term in no point where no point has it. */
  readonly idf: number;
  /** Whether any point of the collection has it. */
  readonly known: boolean;
  /** Where the passages' texts have it, in reading order. */
  readonly matches: readonly TermMatch[];
  /** Positions of the passages whose title, heading path or context has it. */
  readonly headings: readonly number[];
}

/** How the passages came about: enough to explain every one and every absence. */
export interface RetrievalTrace {
  readonly mode: "dense" | "lexical" | "hybrid";
  readonly legs: readonly LegTrace[];
  readonly cuts: readonly RetrievalCut[];
  /** With `evidence`, where the retriever has a lexical encoder: at most the first 64 terms, in the query's order. */
  readonly terms?: readonly TermTrace[] | undefined;
  /** With `evidence`: the points of the collection, within the tenant and whatever the filter. */
  readonly points?: number | undefined;
  /** Set if the result came from a cache: how long ago it was made, in milliseconds. The durations are this call's own. */
  readonly cachedForMs?: number | undefined;
  /** Measured durations of the stages. */
  readonly embedMs: number;
  readonly searchMs: number;
  readonly totalMs: number;
}

/** Plain data: can be logged, cached and sent as it is. */
export interface Retrieval<M extends Metadata = Metadata> {
  readonly query: string;
  /** Best first. */
  readonly passages: readonly Passage<M>[];
  readonly trace: RetrievalTrace;
}

/** Finds the passages that answer a question. `M` is the metadata of a passage, `F` the part of it that filters may name. */
export interface Retriever<M extends Metadata = Metadata, F extends Metadata = M> {
  /**
   * The passages that answer the query, best first, and how they were chosen; none is an answer too. Rejects with a
   * `ConfigurationError` where the query is empty or index and collection do not fit, and with the store's or the
   * embedder's own error where one of them fails, rather than answering from the other leg alone.
   */
  retrieve(query: EmbedInput, options?: RetrieveOptions<F>): Promise<Retrieval<M>>;
}
