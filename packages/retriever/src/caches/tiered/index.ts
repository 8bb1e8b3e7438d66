export { createTieredCache } from "./create-tiered-cache.ts";
export { type LoadOptions, type TieredCache, type TieredCacheStats } from "./tiered-cache.ts";
export { type TieredCacheEvent, type TieredCacheOptions } from "./tiered-cache-options.ts";
