export { createCachedRetriever } from "./create-cached-retriever.ts";
export {
  type CachedRetriever,
  type CachedRetrieverEvent,
  type CachedRetrieverOptions,
  type CachedRetrieverStats,
} from "./cached-retriever-options.ts";
