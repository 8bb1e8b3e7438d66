export { LlamaCppBackend } from "./llama-cpp-backend.ts";
export { LlamaCppEmbedder } from "./llama-cpp-embedder.ts";
export {
  type LlamaCppBackendOptions,
  type LlamaCppEmbedderOptions,
  type LlamaCppServerOptions,
} from "./llama-cpp-options.ts";
export { type EmbeddingOptions } from "../../embedding/embedding-options.ts";
export { type StreamTimeouts } from "../../streaming/stream-timeouts.ts";
