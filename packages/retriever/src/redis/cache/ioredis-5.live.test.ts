import { cacheContract } from "@binnacle/core/testing";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { startRedisCluster, type RedisCluster } from "../../../../../tests/servers/redis-cluster.ts";
import { redisMissing, startRedis, type RedisServer } from "../../../../../tests/servers/redis.ts";
import { RedisCache } from "./redis-cache.ts";

// These tests run with the oldest client that the peer range allows.
vi.mock("ioredis", () => import("ioredis-lowest"));

const missing = await redisMissing("own");
let made = 0;
const options = () => ({ prefix: `old ${process.pid} ${made++}:`, timeoutMs: 10_000 });

describe.skipIf(missing !== undefined)(
  `RedisCache with the oldest ioredis allowed${missing === undefined ? "" : ` (skipped: ${missing})`}`,
  () => {
    let server: RedisServer;
    let cluster: RedisCluster;
    beforeAll(async () => {
      server = await startRedis({ own: true });
      cluster = await startRedisCluster();
    });
    afterAll(async () => {
      await server?.close();
      await cluster?.close();
    });

    test("uses the oldest ioredis", async () => {
      const { Redis } = await import("ioredis");
      const lowest = await import("ioredis-lowest");
      expect(Redis).toBe(lowest.Redis);
    });

    for (const { name, run } of cacheContract(
      async () => new RedisCache({ url: server.url, ...options() }),
    )) {
      test(`keeps the contract with one server: ${name}`, run);
    }
    for (const { name, run } of cacheContract(
      async () => new RedisCache({ cluster: cluster.urls, ...options() }),
    )) {
      test(`keeps the contract on a cluster: ${name} (T57)`, run);
    }
  },
);
