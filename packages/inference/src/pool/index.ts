/**
 * Many model servers behind one backend, embedder or reranker: balancing, retries, hedging and failover.
 *
 * @example
 * {@includeCode ../../../../docs/examples/inference-pool.ts}
 * @module inference/pool
 */
export { createBackendPool, type BackendPool } from "./create-backend-pool.ts";
export { createEmbedderPool, type EmbedderPool, type EmbedderPoolOptions } from "./create-embedder-pool.ts";
export { createRerankerPool, type RerankerPool, type RerankerPoolOptions } from "./create-reranker-pool.ts";
export { type BackendPoolOptions, type BackendReplica } from "./backend-pool-options.ts";
export {
  type ConcurrencyOptions,
  type HedgingOptions,
  type PoolEvent,
  type PoolOptions,
  type PoolReplica,
} from "./pool-options.ts";
export { type PoolAdmin, type PoolStatus, type ReplicaStatus } from "./pool-status.ts";
