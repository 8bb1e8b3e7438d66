export { createCachedEmbedder } from "./create-cached-embedder.ts";
export {
  type CachedEmbedder,
  type CachedEmbedderOptions,
  type CachedEmbedderStats,
} from "./cached-embedder-options.ts";
