import { cacheContract } from "@binnacle/core/testing";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { redisMissing, startRedis, type RedisServer } from "../../../../../tests/servers/redis.ts";
import { MemoryCache } from "../memory/memory-cache.ts";
import { RedisCache } from "../../redis/cache/redis-cache.ts";
import { createTieredCache } from "./create-tiered-cache.ts";
import type { TieredCache } from "./tiered-cache.ts";

const missing = await redisMissing();
let made = 0;

describe.skipIf(missing !== undefined)(
  `createTieredCache with memory before Redis${missing === undefined ? "" : ` (skipped: ${missing})`}`,
  () => {
    let server: RedisServer;
    const farTiers: RedisCache[] = [];
    beforeAll(async () => void (server = await startRedis()));
    afterAll(async () => {
      await Promise.all(farTiers.map((far) => far.close()));
      await server?.close();
    });

    const tiers = (prefix = `tiers ${process.pid} ${made++}:`): TieredCache => {
      const far = new RedisCache({ url: server.url, prefix, timeoutMs: 10_000 });
      farTiers.push(far);
      return createTieredCache({ near: new MemoryCache(), far, timeoutMs: 10_000 });
    };

    for (const { name, run } of cacheContract(async () => tiers())) {
      test(`keeps the contract: ${name} (T37)`, run);
    }

    test("shares loaded values between processes, and counts the hits of each tier (T37, T38)", async () => {
      const prefix = `shared ${process.pid}:`;
      const [one, other] = [tiers(prefix), tiers(prefix)];
      const value = new Uint8Array([1, 2, 3]);
      await one.getOrLoad("a", async () => value);
      await one.close(); // waits for the write
      const loaded = await other.getOrLoad("a", () => Promise.reject(new Error("loaded twice")));
      expect(new Uint8Array(loaded ?? [])).toEqual(value);
      await other.getOrLoad("a", () => Promise.reject(new Error("loaded twice")));
      expect(other.stats()).toMatchObject({
        hits: 2,
        loads: 0,
        near: { hits: 1, misses: 1 },
        far: { hits: 1, misses: 0 },
      });
    });
  },
);
