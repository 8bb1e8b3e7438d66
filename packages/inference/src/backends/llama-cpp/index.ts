/**
 * llama-server in its own dialect: limits, slots and exact token counts are asked of it.
 *
 * @example
 * {@includeCode ../../../../../docs/examples/inference-llama-cpp.ts}
 * @module inference/llama-cpp
 */
export { LlamaCppBackend } from "./llama-cpp-backend.ts";
export { LlamaCppEmbedder } from "./llama-cpp-embedder.ts";
export {
  type LlamaCppBackendOptions,
  type LlamaCppEmbedderOptions,
  type LlamaCppServerOptions,
} from "./llama-cpp-options.ts";
export { type EmbeddingOptions } from "../../embedding/embedding-options.ts";
export { type StreamTimeouts } from "../../generation/stream-timeouts.ts";
