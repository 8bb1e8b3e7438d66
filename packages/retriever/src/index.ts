export { MemoryCache, type MemoryCacheOptions } from "./caches/memory/index.ts";
