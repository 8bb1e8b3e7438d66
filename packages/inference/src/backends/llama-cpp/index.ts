/**
 * Drivers for llama-server. They ask the server for its limits and slots, and for exact token counts.
 *
 * @example
 * {@includeCode ../../../../../docs/examples/inference-llama-cpp.ts}
 * @module inference/llama-cpp
 */
export { LlamaCppBackend } from "./llama-cpp-backend.ts";
export { LlamaCppEmbedder } from "./llama-cpp-embedder.ts";
export { LlamaCppReranker } from "./llama-cpp-reranker.ts";
export {
  type LlamaCppBackendOptions,
  type LlamaCppEmbedderOptions,
  type LlamaCppRerankerOptions,
  type LlamaCppServerOptions,
} from "./llama-cpp-options.ts";
export { type EmbeddingOptions } from "../../embedding/embedding-options.ts";
export { type StreamTimeouts } from "../../generation/stream-timeouts.ts";
export { type RerankingOptions } from "../../reranking/reranking-options.ts";
