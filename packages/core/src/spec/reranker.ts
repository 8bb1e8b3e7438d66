import type { BinnacleError } from "../errors/binnacle-error.ts";
import type { Closable, InferenceCallOptions } from "./call-options.ts";
import type { TokenUsage } from "./embedder.ts";

/** What a reranker is and what it takes, as the server says. */
export interface RerankerInfo {
  readonly model: string;
  /** Most documents in one request to the server; `rerank` itself takes any number and splits. */
  readonly maxItems: number;
  /** Most tokens of query and document together, if the server says so. A longer pair is an error, never cut. */
  readonly maxTokensPerPair?: number | undefined;
  /** What a score is: a probability from 0 to 1, or a number that only orders the documents of one query.
   * This union may grow: treat a kind that you do not know as `logit`. */
  readonly scores: "probability" | "logit";
  /** Requests that may usefully run at the same time. */
  readonly concurrency: number;
}

/** One outcome per document, in the order of the documents. */
export interface RerankResult {
  /** A finite number, higher for a document that answers the query better, or why this one document has none. */
  readonly outcomes: readonly (number | BinnacleError)[];
  /** Missing if the server does not say. */
  readonly usage?: TokenUsage | undefined;
}

/** Scores how well each of some documents answers a query. */
export interface Reranker extends Closable {
  /** Asks the server on first use, remembers the answer, and asks again after a lost connection. */
  describe(options?: InferenceCallOptions): Promise<RerankerInfo>;
  /**
   * Scores any number of documents; an empty list resolves to no outcomes without a request. One bad document is an
   * error in its own outcome and costs the others nothing. An empty query is a `ConfigurationError`. A failure of the
   * server as a whole rejects.
   */
  rerank(query: string, documents: readonly string[], options?: InferenceCallOptions): Promise<RerankResult>;
}
