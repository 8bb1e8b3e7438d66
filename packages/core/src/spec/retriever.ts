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
}

/** A hit that was found and not returned. */
export interface RetrievalCut {
  readonly id: string;
  readonly documentId: string;
  readonly reason: "min_score" | "limit" | "contained";
  readonly score: number;
}

/** What one leg of the retrieval did. */
export interface LegTrace {
  readonly kind: "dense" | "lexical";
  /** The threshold in force; undefined: none. */
  readonly minScore?: number | undefined;
  /** How many hits of the leg were read. */
  readonly found: number;
}

/** How the passages came about: enough to explain every one and every absence. */
export interface RetrievalTrace {
  readonly mode: "dense" | "lexical" | "hybrid";
  readonly legs: readonly LegTrace[];
  readonly cuts: readonly RetrievalCut[];
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

/** Finds the passages that answer a question. */
export interface Retriever<M extends Metadata = Metadata> {
  retrieve(query: EmbedInput, options?: RetrieveOptions<M>): Promise<Retrieval<M>>;
}
