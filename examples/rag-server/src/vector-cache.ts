import type { Cache } from "@binnacle/core";
import { createTieredCache, MemoryCache } from "@binnacle/retriever";
import { RedisCache } from "@binnacle/retriever/redis";
import type { RedisSettings } from "./environment.ts";

const nearBytes = 64 * 1024 * 1024;

/** The cache of vectors and the function that closes its tiers. */
export interface VectorCache {
  readonly cache: Cache;
  close(): Promise<void>;
}

/**
 * Opens the cache of vectors: this process's memory before Redis. A failure of Redis is a warning and never
 * fails a call.
 */
export function openVectorCache(
  { urls }: RedisSettings,
  onWarning: (message: string) => void = () => undefined,
): VectorCache {
  const near = new MemoryCache({ maxBytes: nearBytes });
  const [url, ...others] = urls;
  const far = new RedisCache({
    ...(others.length === 0 ? { url } : { cluster: urls }),
    onEvent: (event) => {
      if (event.type === "failure") onWarning(`REDIS_URL: ${event.error.message}`);
      if (event.type === "warning") onWarning(`REDIS_URL: ${event.message}`);
    },
  });
  const cache = createTieredCache({ near, far });
  const close = async (): Promise<void> => {
    await cache.close();
    await Promise.all([near.close(), far.close()]);
  };
  return { cache, close };
}
