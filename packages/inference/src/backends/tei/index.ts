/**
 * A reranker for text-embeddings-inference, and for servers that have the same `/rerank`.
 *
 * @example
 * {@includeCode ../../../../../docs/examples/inference-tei.ts}
 * @module inference/tei
 */
export { TeiReranker } from "./tei-reranker.ts";
export { type TeiRerankerOptions } from "./tei-options.ts";
export { type RerankingOptions } from "../../reranking/reranking-options.ts";
