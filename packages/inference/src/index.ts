/**
 * Wrappers for any inference backend. Loads no driver: those have subpaths of their own.
 *
 * @example
 * {@includeCode ../../../docs/examples/inference.ts}
 * @module inference
 */
export {
  createCachedBackend,
  type CachedBackend,
  type CachedBackendEvent,
  type CachedBackendOptions,
  type CachedBackendStats,
  type CachedCallOptions,
} from "./cached/index.ts";
