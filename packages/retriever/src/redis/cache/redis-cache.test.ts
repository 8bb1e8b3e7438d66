import { setTimeout as wait } from "node:timers/promises";
import { ConfigurationError } from "@binnacle/core";
import { cacheContract } from "@binnacle/core/testing";
import { Redis } from "ioredis";
import { describe, expect, onTestFinished, test, vi } from "vitest";
import { startRespServer, type RespServer, type RespServerOptions } from "./fixtures/resp-server.ts";
import { RedisCache, type RedisCacheEvent, type RedisCacheOptions } from "./redis-cache.ts";

interface SetUp {
  readonly cache: RedisCache;
  readonly server: RespServer;
  readonly events: RedisCacheEvent[];
}

async function setUp(options: Partial<RedisCacheOptions> = {}, wire: RespServerOptions = {}): Promise<SetUp> {
  const server = await startRespServer(wire);
  const events: RedisCacheEvent[] = [];
  const cache = new RedisCache({
    url: server.url,
    timeoutMs: 2_000,
    ttlJitter: 0,
    onEvent: (event) => events.push(event),
    ...options,
  });
  onTestFinished(async () => {
    await cache.close();
    await server.close();
  });
  return { cache, server, events };
}

const bytes = (...values: readonly number[]) => Uint8Array.from(values);
const codes = (events: readonly RedisCacheEvent[]) =>
  events.map((event) =>
    event.type === "failure" ? event.error.code : event.type === "warning" ? event.code : event.type,
  );

describe("contract", () => {
  for (const { name, run } of cacheContract(async () => {
    const server = await startRespServer();
    const cache = new RedisCache({ url: server.url, timeoutMs: 5_000 });
    const close = cache.close.bind(cache);
    cache.close = async () => {
      await close();
      await server.close();
    };
    return cache;
  })) {
    test(`keeps the contract: ${name}`, run);
  }
});

describe("commands and values", () => {
  test("reads many keys with one command, and sends many writes without waiting between them (T34)", async () => {
    const { cache, server } = await setUp({ timeoutMs: 5_000 });
    const keys = Array.from({ length: 500 }, (_, i) => `key ${i}`);
    await cache.setMany(keys.map((key) => [key, bytes(1, 2)]));
    server.commands.length = 0;
    expect(await cache.getMany(keys)).toEqual(keys.map(() => bytes(1, 2)));
    expect(server.commands).toEqual(["MGET"]);
  });

  test("sends whole milliseconds, and shortens a value's time by at most ttlJitter", async () => {
    const { cache, server } = await setUp({ ttlMs: 1_000, ttlJitter: 0.5, prefix: "p:" });
    await cache.setMany(Array.from({ length: 50 }, (_, i) => [`${i}`, bytes(1)]));
    const ttls = [...server.ttls.values()];
    expect(Math.min(...ttls)).toBeGreaterThanOrEqual(500);
    expect(Math.max(...ttls)).toBeLessThanOrEqual(1_000);
    expect(new Set(ttls).size).toBeGreaterThan(10);
    await cache.setMany([["0", bytes(1)]], { ttlMs: 0.4 });
    expect(server.ttls.get("p:0")).toBe(1);
  });

  test("removes a key whose new value is too large or has no time to live", async () => {
    const { cache } = await setUp({ maxValueBytes: 2 });
    await cache.setMany([["a", bytes(1)], ["b", bytes(1)], ["c", bytes(1)]]); // prettier-ignore
    await cache.setMany([["a", bytes(1, 2, 3)]]);
    await cache.setMany([["b", bytes(2)]], { ttlMs: -1 });
    expect(await cache.getMany(["a", "b", "c"])).toEqual([undefined, undefined, bytes(1)]);
    expect(cache.stats().errors).toBe(0);
  });

  test("counts a damaged value, another format and another key's value as misses (SB-R5)", async () => {
    const { cache, server } = await setUp();
    await cache.setMany([["a", bytes(1, 2, 3)], ["b", bytes(4, 5, 6)]]); // prettier-ignore
    const sealed = server.values.get("binnacle:a") ?? Buffer.alloc(0);
    const poisons = [
      sealed.subarray(0, -1),
      sealed.subarray(0, 3),
      Buffer.alloc(0),
      Buffer.concat([sealed, Buffer.of(0)]),
      Buffer.concat([Buffer.of(2), sealed.subarray(1)]),
      Buffer.from(sealed.map((byte, i) => (i === 6 ? byte ^ 1 : byte))),
      server.values.get("binnacle:b") ?? Buffer.alloc(0),
      Buffer.from("[0.1,0.2]"),
    ];
    for (const poison of poisons) {
      server.values.set("binnacle:a", poison);
      expect(await cache.getMany(["a", "b"])).toEqual([undefined, bytes(4, 5, 6)]);
    }
    expect(cache.stats()).toMatchObject({ misses: poisons.length, hits: poisons.length });
  });

  test("keeps keys apart that are equal as UTF-8, and their escaped forms", async () => {
    const { cache } = await setUp();
    const keys = ["\ud800", "\ud801", "\ufffd", "~", '~"\\ud800"'];
    await cache.setMany(keys.map((key, i) => [key, bytes(i)]));
    expect(await cache.getMany(keys)).toEqual(keys.map((_, i) => bytes(i)));
  });
});

describe("outages", () => {
  test("counts misses without waiting while the server is gone, and reports it once (SB-R1)", async () => {
    const { cache, server, events } = await setUp({ timeoutMs: 2_000 });
    await cache.setMany([["a", bytes(1)]]);
    await server.kill();
    await vi.waitFor(async () => expect(await cache.getMany(["a"])).toEqual([undefined]));
    const before = cache.stats();
    const startedAt = performance.now();
    for (let i = 0; i < 20; i++) await cache.getMany(["a", "b"]);
    expect(performance.now() - startedAt).toBeLessThan(1_000);
    const after = cache.stats();
    expect([after.misses - before.misses, after.errors - before.errors]).toEqual([40, 20]);
    expect(codes(events).filter((code) => code === "unreachable").length).toBeLessThanOrEqual(1);
    await server.reopen();
    await vi.waitFor(async () => expect(await cache.getMany(["a"])).toEqual([bytes(1)]), { timeout: 5_000 });
  });

  test("waits five times for a hung server, then no longer until the server answers again (SB-R2)", async () => {
    const { cache, server, events } = await setUp({ timeoutMs: 60 });
    await cache.setMany([["a", bytes(1)]]);
    server.hang();
    for (let i = 0; i < 5; i++) await cache.getMany(["a"]);
    const startedAt = performance.now();
    for (let i = 0; i < 50; i++) expect(await cache.getMany(["a"])).toEqual([undefined]);
    expect(performance.now() - startedAt).toBeLessThan(25 * 60); // one by one, fifty waits would take 3 s
    expect(codes(events)).toContain("timeout");
    server.resume();
    await vi.waitFor(async () => expect(await cache.getMany(["a"])).toEqual([bytes(1)]), { timeout: 5_000 });
    expect(codes(events)).toContain("recovered");
  });

  test("ends the calls that wait for a hung server once five others have failed (SB-R2)", async () => {
    const { cache, server } = await setUp({ timeoutMs: 600 });
    await cache.getMany(["a"]);
    server.hang();
    const first = Array.from({ length: 5 }, () => cache.getMany(["a"]));
    await wait(300);
    const startedAt = performance.now();
    const later = Promise.all(Array.from({ length: 20 }, () => cache.getMany(["a"])));
    await Promise.all(first);
    expect(await later).toEqual(Array.from({ length: 20 }, () => [undefined]));
    expect(performance.now() - startedAt).toBeLessThan(600); // each of them alone waits for 600 ms
  });

  test("counts misses for calls beyond maxInFlightBytes, but not for a single large call", async () => {
    const { cache, server } = await setUp({ maxInFlightBytes: 1_000, timeoutMs: 1_000 });
    await cache.setMany([["a", new Uint8Array(5_000)]]);
    expect((await cache.getMany(["a"]))[0]).toHaveLength(5_000);
    server.hang();
    const first = cache.getMany(["a"]);
    const startedAt = performance.now();
    expect(await cache.getMany(["a"])).toEqual([undefined]);
    expect(performance.now() - startedAt).toBeLessThan(900); // the call did not wait for its timeout of a second
    await first;
    expect(cache.stats().errors).toBe(2);
  });

  test("rejects at once with the reason of an abort while Redis is silent (T26)", async () => {
    const { cache, server } = await setUp({ timeoutMs: 5_000 });
    await cache.getMany(["a"]);
    server.hang();
    const controller = new AbortController();
    const waiting = cache.getMany(["a"], { signal: controller.signal });
    controller.abort("left");
    await expect(waiting).rejects.toBe("left");
  });
});

describe("explanations", () => {
  test.each([
    [
      "WRONGPASS invalid username-password pair or user is disabled.",
      "unauthorized",
      /rejected the user or password/,
    ],
    ["NOAUTH Authentication required.", "unauthorized", /needs a password/],
    ["NOPERM this user has no permissions", "forbidden", /lacks a permission/],
    ["MOVED 15495 127.0.0.1:7002", "cluster_node", /Give `cluster/],
    ["LOADING Redis is loading the dataset in memory", "busy", /cannot answer yet/],
  ])("explains %s without repeating the password", async (refusal, code, text) => {
    const isSetUp = (name: string) => ["HELLO", "INFO", "SELECT"].includes(name);
    const refuse = (name: string) => {
      if (code === "unauthorized") return name === "HELLO" ? undefined : refusal;
      return isSetUp(name) || name === "AUTH" ? undefined : refusal;
    };
    const { cache, server, events } = await setUp({}, { refuse });
    const withPassword = new RedisCache({
      url: server.url.replace("//", "//app:hunter2@"),
      onEvent: (event) => events.push(event),
    });
    onTestFinished(() => withPassword.close());
    expect(await withPassword.getMany(["a"])).toEqual([undefined]);
    await cache.getMany(["a"]);
    const failures = events.filter((event) => event.type === "failure");
    expect(failures.map(({ error }) => error.code)).toContain(code);
    expect(failures.map(({ error }) => error.message).join("\n")).toMatch(text);
    if (code === "unauthorized") {
      expect(await withPassword.health()).toMatchObject({
        status: "down",
        detail: expect.stringMatching(text),
      });
    }
    const everything = JSON.stringify(
      events.map((event) =>
        event.type === "failure" ? [event.error.message, String(event.error.cause)] : event,
      ),
    );
    expect(everything).not.toContain("hunter2");
  });

  test("reports a full server and the way out while reads continue (SB-R3)", async () => {
    const oom = "OOM command not allowed when used memory > 'maxmemory'.";
    const { cache, server, events } = await setUp(
      {},
      { refuse: (name) => (name === "SET" ? oom : undefined) },
    );
    server.values.set("binnacle:x", Buffer.of(1));
    await cache.setMany([["a", bytes(1)]]);
    expect(await cache.getMany(["a"])).toEqual([undefined]);
    await vi.waitFor(() => expect(codes(events)).toContain("cache_full"));
    expect(cache.stats().errors).toBe(1);
    expect(await cache.health()).toMatchObject({
      status: "degraded",
      detail: expect.stringContaining("allkeys-lru"),
    });
  });

  test.each([
    ["maxmemory:0", "no_memory_limit", "ok"],
    ["maxmemory:10\r\nmaxmemory_policy:noeviction", "eviction_policy", "ok"],
    ["maxmemory:10\r\nmaxmemory_policy:allkeys-lru\r\nrole:slave", "read_only", "degraded"],
    ["maxmemory:10\r\nmaxmemory_policy:allkeys-lru\r\ncluster_enabled:1", "cluster_node", "degraded"],
  ])("reports %j once as a warning and in its health", async (info, code, status) => {
    const { cache, events } = await setUp({}, { info: `redis_version:7\r\n${info}` });
    await cache.getMany(["a"]);
    await vi.waitFor(() => expect(codes(events)).toEqual([code]));
    const warning = events.find((event) => event.type === "warning");
    expect(await cache.health()).toMatchObject({
      status,
      detail: expect.stringContaining(warning?.message ?? "?"),
    });
    await wait(5);
    expect(codes(events)).toEqual([code]);
  });

  test("rejects wrong options and names each, but never a password", () => {
    const attempt = (options: RedisCacheOptions) => () => new RedisCache(options);
    expect(attempt({})).toThrow(/exactly one of url, cluster, sentinel, client, got none/);
    expect(attempt({ url: "redis://h", cluster: ["redis://h"] })).toThrow(/got url and cluster/);
    expect(attempt({ url: "redis://h", tls: {} })).toThrow(/tls: needs a URL that starts with rediss/);
    expect(attempt({ cluster: ["redis://a", "rediss://b"] })).toThrow(/some URLs start with rediss/);
    expect(attempt({ url: "redis://h", timeoutMs: 0, ttlJitter: 2 })).toThrow(ConfigurationError);
    expect(attempt({ url: "http://app:hunter2@h" })).toThrow(/url: expected a URL such as redis/);
    try {
      attempt({ url: "http://app:hunter2@h" })();
    } catch (error) {
      expect(`${String(error)} ${JSON.stringify(error)}`).not.toContain("hunter2");
    }
  });
});

test("uses a client of the app and leaves it open", async () => {
  const server = await startRespServer();
  const client = new Redis(server.url);
  client.on("error", () => undefined);
  const cache = new RedisCache({ client, timeoutMs: 1_000 });
  await cache.setMany([["a", bytes(1)]]);
  expect(await cache.getMany(["a"])).toEqual([bytes(1)]);
  await cache.close();
  expect(await client.ping()).toBe("PONG");
  client.disconnect();
  await server.close();
});
