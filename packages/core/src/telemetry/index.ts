/**
 * Reports the calls of any part through `Telemetry`. A part that is not observed, or that is observed without
 * telemetry, costs nothing.
 *
 * @example
 * {@includeCode ../../../../docs/examples/core-telemetry.ts}
 * @module core/telemetry
 */
export { combineTelemetry } from "./combine-telemetry.ts";
export { observeBackend } from "./observe-backend.ts";
export { observeCache, type ObserveCacheOptions } from "./observe-cache.ts";
export { observeEmbedder, type ObserveModelOptions } from "./observe-embedder.ts";
export { observeReranker } from "./observe-reranker.ts";
export { observeRetriever, type ObserveRetrieverOptions } from "./observe-retriever.ts";
export { observeStore, type ObserveStoreOptions } from "./observe-store.ts";
export {
  ObservedPart,
  withParent,
  type ObservedCall,
  type ObservedPartOptions,
  type OpenCall,
} from "./observed-part.ts";
export { recordStoreSizes, type CollectionSize } from "./record-store-sizes.ts";
