import type { BinnacleError } from "../errors/binnacle-error.ts";
import type { Closable, InferenceCallOptions } from "./call-options.ts";
import type { TokenUsage } from "./embedder.ts";

/** The model and the limits of a reranker. */
export interface RerankerInfo {
  readonly model: string;
  /** Most documents in one request to the server. `rerank` takes any number and splits it. */
  readonly maxItems: number;
  /** Most tokens of query and document together. A longer pair is an error, and is never cut. Undefined if
   * the server does not report it. */
  readonly maxTokensPerPair?: number | undefined;
  /** Kind of the scores: probabilities from 0 to 1, or numbers that only order the documents of one query.
   * This union may grow: treat a kind that you do not know as `logit`. */
  readonly scores: "probability" | "logit";
  /** Number of requests that the server can process well at the same time. */
  readonly concurrency: number;
}

/** The result of {@link Reranker.rerank}. */
export interface RerankResult {
  /** One outcome per document, in order: a finite score, higher for a better answer, or the error of this
   * document. */
  readonly outcomes: readonly (number | BinnacleError)[];
  /** Missing if the server does not report it. */
  readonly usage?: TokenUsage | undefined;
}

/** Scores how well each document answers a query. */
export interface Reranker extends Closable {
  /** Returns model and limits. Asks the server on first use and again after a lost connection. */
  describe(options?: InferenceCallOptions): Promise<RerankerInfo>;
  /**
   * Scores any number of documents. An empty list returns no outcomes and sends no request. A bad document is
   * an error in its own outcome and does not affect the other documents. Rejects with a `ConfigurationError`
   * if the query is empty. A failure of the whole server rejects.
   */
  rerank(query: string, documents: readonly string[], options?: InferenceCallOptions): Promise<RerankResult>;
}
