export { createTieredCache } from "./create-tiered-cache.ts";
export type { LoadOptions, TieredCache, TieredCacheStats } from "./tiered-cache.ts";
export type { TieredCacheEvent, TieredCacheOptions } from "./tiered-cache-options.ts";
