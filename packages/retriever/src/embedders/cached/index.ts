export {
  createCachedEmbedder,
  type CachedEmbedder,
  type CachedEmbedderOptions,
  type CachedEmbedderStats,
} from "./create-cached-embedder.ts";
