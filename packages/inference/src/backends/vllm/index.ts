/**
 * Drivers for vLLM. They ask the server for its version and limits, count tokens exactly, and receive vectors
 * as raw bytes.
 *
 * @example
 * {@includeCode ../../../../../docs/examples/inference-vllm.ts}
 * @module inference/vllm
 */
export { VllmBackend } from "./vllm-backend.ts";
export { VllmEmbedder } from "./vllm-embedder.ts";
export { VllmReranker } from "./vllm-reranker.ts";
export { type VllmImageFamily } from "./vllm-image-families.ts";
export {
  type VllmBackendOptions,
  type VllmEmbedderOptions,
  type VllmRerankerOptions,
  type VllmServerOptions,
} from "./vllm-options.ts";
export { type EmbeddingOptions } from "../../embedding/embedding-options.ts";
export { type StreamTimeouts } from "../../generation/stream-timeouts.ts";
export { type RerankingOptions } from "../../reranking/reranking-options.ts";
