export { createCachedBackend } from "./create-cached-backend.ts";
export {
  type CachedBackend,
  type CachedBackendEvent,
  type CachedBackendOptions,
  type CachedBackendStats,
  type CachedCallOptions,
} from "./cached-backend-options.ts";
