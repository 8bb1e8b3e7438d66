export { LlamaCppBackend } from "./llama-cpp-backend.ts";
export { LlamaCppEmbedder } from "./llama-cpp-embedder.ts";
export {
  type LlamaCppBackendOptions,
  type LlamaCppEmbedderOptions,
  type LlamaCppServerOptions,
} from "./llama-cpp-options.ts";
