/**
 * Wrappers for any inference backend. This entry loads no driver; drivers have their own subpaths.
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
