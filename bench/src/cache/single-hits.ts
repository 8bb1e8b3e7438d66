import type { Cache } from "@binnacle/core";
import { createTieredCache, MemoryCache } from "@binnacle/retriever";
import { RedisCache } from "@binnacle/retriever/redis";
import { Redis } from "ioredis";

const KEYS = 500;
const HITS = 4_000;
const VALUE_BYTES = 4 * 1536 + 12;

/** Durations of single hits. */
export interface SingleHits {
  readonly name: string;
  readonly p50Ms: number;
  readonly p99Ms: number;
  /** Lookups that found nothing although the value exists. */
  readonly misses: number;
}

/** Measures one hit after the other: memory, tiers, Redis, and the bare client on the same server. */
export async function measureSingleHits(url: string): Promise<readonly SingleHits[]> {
  const redis = new RedisCache({ url, prefix: "single:", timeoutMs: 10_000 });
  const memory = new MemoryCache();
  const tiered = createTieredCache({ near: new MemoryCache(), far: redis });
  const client = new Redis(url);
  try {
    const results: SingleHits[] = [];
    for (const [name, cache] of [
      ["memory", memory],
      ["tiers, near hit", tiered],
      ["Redis", redis],
    ] as const) {
      await cache.setMany(keys().map((key) => [key, new Uint8Array(VALUE_BYTES)]));
      results.push(await measured(name, async (key) => (await found(cache, key)) !== undefined));
    }
    const bare = async (key: string): Promise<boolean> => (await client.getBuffer(`single:${key}`)) !== null;
    results.push(await measured("bare ioredis", bare));
    return results;
  } finally {
    await tiered.close();
    await redis.close();
    client.disconnect();
  }
}

async function found(cache: Cache, key: string): Promise<Uint8Array | undefined> {
  return (await cache.getMany([key]))[0];
}

function keys(): readonly string[] {
  return Array.from({ length: KEYS }, (_, i) => `key ${i}`);
}

async function measured(name: string, hit: (key: string) => Promise<boolean>): Promise<SingleHits> {
  const all = keys();
  const times: number[] = [];
  let misses = 0;
  for (let i = -500; i < HITS; i++) {
    const key = all[Math.abs(i * 7) % KEYS] ?? "";
    const startedAt = performance.now();
    const isHit = await hit(key);
    if (i < 0) continue; // warm-up
    times.push(performance.now() - startedAt);
    if (!isHit) misses += 1;
  }
  times.sort((a, b) => a - b);
  const at = (share: number): number => times[Math.floor(times.length * share)] ?? Number.NaN;
  return { name, p50Ms: at(0.5), p99Ms: at(0.99), misses };
}
