import { cacheContract } from "@binnacle/core/testing";
import { afterAll, beforeAll, describe, expect, onTestFinished, test, vi } from "vitest";
import { startRedisCluster, type RedisCluster } from "../../../../../tests/servers/redis-cluster.ts";
import { startRedisSentinels, type RedisSentinels } from "../../../../../tests/servers/redis-sentinel.ts";
import { redisMissing, startRedis, type RedisServer } from "../../../../../tests/servers/redis.ts";
import { makeTlsCertificates, type TlsCertificates } from "../../../../../tests/servers/tls-certificates.ts";
import { RedisCache, type RedisCacheEvent, type RedisCacheOptions } from "./redis-cache.ts";

const missing = await redisMissing();
const ownMissing = await redisMissing("own");
let made = 0;

/** Creates a cache with its own keys and a timeout that suits a busy machine. */
function cacheOf(place: RedisCacheOptions): RedisCache {
  return new RedisCache({ prefix: `test ${process.pid} ${made++}:`, timeoutMs: 10_000, ...place });
}

async function opened(options: RedisCacheOptions): Promise<{ cache: RedisCache; events: RedisCacheEvent[] }> {
  const events: RedisCacheEvent[] = [];
  const cache = cacheOf({ onEvent: (event) => events.push(event), ...options });
  onTestFinished(() => cache.close());
  return { cache, events };
}

const bytes = (...values: readonly number[]) => Uint8Array.from(values);
const many = Array.from({ length: 300 }, (_, i): [string, Uint8Array] => [
  `key ${i}`,
  bytes(i & 255, i >> 8),
]);
const manyKeys = many.map(([key]) => key);
const manyValues = many.map(([, value]) => value);

describe.skipIf(missing !== undefined)(
  `one server${missing === undefined ? "" : ` (skipped: ${missing})`}`,
  () => {
    let server: RedisServer;
    beforeAll(async () => void (server = await startRedis()));
    afterAll(() => server?.close());

    for (const { name, run } of cacheContract(async () => cacheOf({ url: server.url }))) {
      test(`keeps the contract: ${name} (T34)`, run);
    }

    test("stores a time to live with each value and reads all keys with one MGET (T37)", async () => {
      const prefix = `round trip ${process.pid}:`;
      const { cache } = await opened({ url: server.url, prefix, ttlMs: 60_000, ttlJitter: 0.2 });
      await cache.setMany(many);
      const ttl = Number(await server.cli("pttl", `${prefix}key 7`));
      expect(ttl).toBeGreaterThan(40_000);
      expect(ttl).toBeLessThanOrEqual(60_000);
      const calls = async (): Promise<string> =>
        /cmdstat_mget:calls=(\d+)/.exec(await server.cli("info", "commandstats"))?.[1] ?? "0";
      const before = Number(await calls());
      expect(await cache.getMany(manyKeys)).toEqual(manyValues);
      if (server.owned) expect(Number(await calls()) - before).toBe(1);
    });

    test("names the server's version in its health", async () => {
      const { cache } = await opened({ url: server.url });
      expect(await cache.health()).toMatchObject({
        status: "ok",
        detail: expect.stringMatching(/^Redis \d/),
      });
    });
  },
);

describe.skipIf(ownMissing !== undefined)(
  `servers of our own${ownMissing === undefined ? "" : ` (skipped: ${ownMissing})`}`,
  () => {
    const start = async (...args: readonly string[]): Promise<RedisServer> => {
      const server = await startRedis({ own: true, args });
      onTestFinished(() => server.close());
      return server;
    };

    test("counts misses with a wrong or missing password, and names the way out without repeating it", async () => {
      const server = await start("--requirepass", "correct-horse");
      const at = (credentials: string) => server.url.replace("//", `//${credentials}`);
      const right = await opened({ url: at(":correct-horse@") });
      await right.cache.setMany([["a", bytes(1)]]);
      expect(await right.cache.getMany(["a"])).toEqual([bytes(1)]);
      for (const [url, reason] of [
        [at(":wrong-horse@"), /WRONGPASS/],
        [server.url, /NOAUTH/],
      ] as const) {
        const { cache, events } = await opened({ url });
        expect(await cache.getMany(["a"])).toEqual([undefined]);
        expect(await cache.health()).toMatchObject({ status: "down", detail: expect.stringMatching(reason) });
        const [first] = events;
        expect(first).toMatchObject({ type: "failure", error: { code: "unauthorized" } });
        expect(
          JSON.stringify(
            events.map((event) =>
              event.type === "failure" ? [event.error.message, String(event.error.cause)] : event,
            ),
          ),
        ).not.toContain("horse");
      }
    });

    test("reads from a server that is full under noeviction, and explains why writes fail (SB-R3)", async () => {
      const server = await start("--maxmemory", "3mb", "--maxmemory-policy", "noeviction");
      const { cache, events } = await opened({ url: server.url });
      await cache.setMany([["early", bytes(7)]]);
      for (let i = 0; i < 40; i++) await cache.setMany([[`big ${i}`, new Uint8Array(200_000)]]);
      expect(await cache.getMany(["early"])).toEqual([bytes(7)]);
      expect(cache.stats().errors).toBeGreaterThan(10);
      const failures = events.flatMap((event) => (event.type === "failure" ? [event.error.code] : []));
      expect(failures).toEqual(["cache_full"]);
      expect(events).toContainEqual(expect.objectContaining({ type: "warning", code: "eviction_policy" }));
      expect(await cache.health()).toMatchObject({
        status: "degraded",
        detail: expect.stringContaining("allkeys-lru"),
      });
    });

    test("counts no error in an eviction storm under allkeys-lru (SB-R3)", async () => {
      const server = await start("--maxmemory", "4mb", "--maxmemory-policy", "allkeys-lru");
      const { cache, events } = await opened({ url: server.url });
      for (let i = 0; i < 100; i++) await cache.setMany([[`big ${i}`, new Uint8Array(100_000)]]);
      expect(await cache.getMany(["big 99"])).not.toEqual([undefined]);
      expect(cache.stats().errors).toBe(0);
      expect(events).toEqual([]);
    });

    test("reports in health and events that a read-only replica accepts no writes", async () => {
      const master = await start();
      const replica = await start("--replicaof", "127.0.0.1", String(master.port));
      const { cache, events } = await opened({ url: replica.url });
      await cache.setMany([["a", bytes(1)]]);
      await vi.waitFor(() => expect(JSON.stringify(events)).toContain("read_only"));
      expect(await cache.health()).toMatchObject({
        status: "degraded",
        detail: expect.stringContaining("sentinel"),
      });
    });

    test("prints nothing while the server shuts down", async () => {
      const warn = vi.spyOn(console, "warn");
      const error = vi.spyOn(console, "error");
      const server = await start();
      const { cache } = await opened({ url: server.url });
      await cache.getMany(["a"]);
      await server.close();
      await vi.waitFor(async () => expect((await cache.health()).status).toBe("down"), { timeout: 5_000 });
      await cache.close();
      expect([...warn.mock.calls, ...error.mock.calls]).toEqual([]);
    });

    describe("TLS", () => {
      let certificates: TlsCertificates;
      let server: RedisServer;
      let url: string;
      beforeAll(async () => {
        certificates = await makeTlsCertificates();
        const { folder } = certificates;
        const tlsPort = await (await import("../../../../../tests/servers/free-port.ts")).freePort();
        server = await startRedis({
          own: true,
          args: [
            "--tls-port",
            String(tlsPort),
            "--tls-cert-file",
            `${folder}/server.pem`,
            "--tls-key-file",
            `${folder}/server.key`,
            "--tls-ca-cert-file",
            `${folder}/ca.pem`,
            "--tls-auth-clients",
            "yes",
          ],
        });
        url = `rediss://127.0.0.1:${tlsPort}`;
      });
      afterAll(async () => {
        await server?.close();
        certificates?.remove();
      });

      test("stores and reads over TLS with a client certificate (T63)", async () => {
        const { ca, cert, key } = certificates;
        const { cache } = await opened({ url, tls: { ca, cert, key } });
        await cache.setMany(many);
        expect(await cache.getMany(manyKeys)).toEqual(manyValues);
        expect(await cache.health()).toMatchObject({ status: "ok" });
      });

      test("explains an unknown authority, a missing client certificate and a port without TLS (T63)", async () => {
        const { ca, cert, key } = certificates;
        const wrong: readonly RedisCacheOptions[] = [
          { url },
          { url, tls: { ca } },
          { url, tls: { ca, cert, key, serverName: "elsewhere.example" } },
          { url: server.url.replace("redis:", "rediss:"), tls: { ca } },
        ];
        for (const options of wrong) {
          const { cache, events } = await opened({ ...options, timeoutMs: 2_000 });
          expect(await cache.getMany(["a"])).toEqual([undefined]);
          const health = await cache.health();
          expect(health.status).toBe("down");
          const isPlain = options.url !== url; // a server without TLS waits for more bytes and stays silent
          expect(health.detail).toMatch(isPlain ? /port speaks TLS/ : /tls\.ca/);
          expect(events[0]).toMatchObject({ error: { code: isPlain ? "timeout" : "tls_failed" } });
        }
      });
    });

    describe("a cluster of three masters", () => {
      let cluster: RedisCluster;
      beforeAll(async () => void (cluster = await startRedisCluster()));
      afterAll(() => cluster?.close());

      for (const { name, run } of cacheContract(async () => cacheOf({ cluster: cluster.urls.slice(0, 1) }))) {
        test(`keeps the contract: ${name} (T57)`, run);
      }

      test("spreads keys over all nodes and names each in its health (T57)", async () => {
        const { cache } = await opened({ cluster: cluster.urls.slice(1, 2) });
        await cache.setMany(many);
        expect(await cache.getMany(manyKeys)).toEqual(manyValues);
        for (const master of cluster.masters) expect(Number(await master.cli("dbsize"))).toBeGreaterThan(50);
        const health = await cache.health();
        expect(health.status).toBe("ok");
        for (const { port } of cluster.masters) expect(health.detail).toContain(`127.0.0.1:${port}`);
      });

      test("explains a cluster's address given as `url`, and a single server's given as `cluster`", async () => {
        const { cache, events } = await opened({ url: cluster.urls[0] });
        await cache.setMany(many);
        expect(await cache.getMany(manyKeys)).toContain(undefined);
        expect(await cache.health()).toMatchObject({
          status: "degraded",
          detail: expect.stringContaining("cluster: [url]"),
        });
        expect(events).toContainEqual(expect.objectContaining({ type: "warning", code: "cluster_node" }));
        expect(events).toContainEqual(
          expect.objectContaining({ error: expect.objectContaining({ code: "cluster_node" }) }),
        );
        const single = await start();
        const other = await opened({ cluster: [single.url], timeoutMs: 2_000 });
        expect(await other.cache.getMany(["a"])).toEqual([undefined]);
        expect(await other.cache.health()).toMatchObject({
          status: "down",
          detail: expect.stringContaining("Give `url`"),
        });
      });
    });

    describe("sentinels", () => {
      let sentinels: RedisSentinels;
      beforeAll(async () => void (sentinels = await startRedisSentinels()));
      afterAll(() => sentinels?.close());

      for (const { name, run } of cacheContract(async () =>
        cacheOf({ sentinel: { urls: sentinels.urls, name: sentinels.name } }),
      )) {
        test(`keeps the contract: ${name} (T57)`, run);
      }

      test("explains a name that the sentinels do not know", async () => {
        const { cache } = await opened({
          sentinel: { urls: sentinels.urls, name: "other" },
          timeoutMs: 2_000,
        });
        expect(await cache.getMany(["a"])).toEqual([undefined]);
        expect(await cache.health()).toMatchObject({
          status: "down",
          detail: expect.stringContaining("master's `name`"),
        });
      });
    });
  },
);
