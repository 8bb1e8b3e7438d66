/**
 * Wrappers for any inference backend and any embedder, and helpers around model servers. This entry loads no driver; drivers have their own subpaths.
 *
 * @example
 * {@includeCode ../../../docs/examples/inference.ts}
 * @module inference
 */
export { type BatchingEmbedderOptions } from "./batching/batching-embedder-options.ts";
export { createBatchingEmbedder } from "./batching/create-batching-embedder.ts";
export {
  createCachedBackend,
  type CachedBackend,
  type CachedBackendEvent,
  type CachedBackendOptions,
  type CachedBackendStats,
  type CachedCallOptions,
} from "./cached/index.ts";
export {
  rolePrefixes,
  type EmbeddingFamily,
  type RolePrefixes,
  type RolePrefixOptions,
} from "./embedding/role-prefixes.ts";
export { toSseResponse, type SseResponseOptions } from "./http/to-sse-response.ts";
export { estimateMemory, type MemoryEstimate, type MemoryOptions } from "./serving/estimate-memory.ts";
export { type Quantization, type ServerKind } from "./serving/quantizations.ts";
