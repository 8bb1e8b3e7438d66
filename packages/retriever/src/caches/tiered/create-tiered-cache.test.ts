import { ConfigurationError, TimeoutError, type Cache, type CallOptions } from "@binnacle/core";
import { cacheContract, FakeClock } from "@binnacle/core/testing";
import { describe, expect, test, vi } from "vitest";
import { MemoryCache } from "../memory/memory-cache.ts";
import { createTieredCache } from "./create-tiered-cache.ts";
import type { TieredCacheEvent, TieredCacheOptions } from "./tiered-cache-options.ts";

const bytes = (...values: readonly number[]) => Uint8Array.from(values);
const one = bytes(1);
const two = bytes(2);

function setUp(options: Partial<TieredCacheOptions> = {}) {
  const clock = new FakeClock();
  const memory = () => new MemoryCache({ clock: () => clock.monotonicNow() });
  const [near, far] = [memory(), memory()];
  const events: TieredCacheEvent[] = [];
  const onEvent = (event: TieredCacheEvent) => void events.push(event);
  const shared = { clock, refreshBeta: 0, onEvent } as const;
  const cache = createTieredCache({ near, far, ...shared, ...options });
  const other = createTieredCache({ near: memory(), far, ...shared, ...options });
  return { clock, near, far, cache, other, events };
}

/** Creates a far tier with the given `getMany`. */
function farThat(getMany: Cache["getMany"]): Cache {
  const inner = new MemoryCache();
  return {
    getMany,
    setMany: (entries, options) => inner.setMany(entries, options),
    deleteMany: (keys, options) => inner.deleteMany(keys, options),
    stats: () => inner.stats(),
    health: (options) => inner.health(options),
    close: () => inner.close(),
    [Symbol.asyncDispose]: () => inner.close(),
  };
}
const hangs = (_: unknown, options?: CallOptions) =>
  new Promise<never>((_, reject) =>
    options?.signal?.addEventListener("abort", () => reject(options.signal?.reason)),
  );

describe("contract", () => {
  for (const { name, run } of cacheContract(async () =>
    createTieredCache({ near: new MemoryCache(), far: new MemoryCache() }),
  )) {
    test(`keeps the contract: ${name}`, run);
  }
});

describe("tiers", () => {
  test("copies values of the far tier to the near tier, and counts hits and misses of each tier (T37, T38)", async () => {
    const { cache, other } = setUp();
    await other.setMany([["a", one]]);
    expect(await cache.getMany(["a", "b"])).toEqual([one, undefined]);
    expect(await cache.getMany(["a"])).toEqual([one]);
    expect(cache.stats()).toMatchObject({
      hits: 2,
      misses: 1,
      promotions: 1,
      near: { hits: 1, misses: 2 },
      far: { hits: 1, misses: 1 },
    });
  });

  test("stops serving a copied value when its time ends, and asks the far tier again after nearTtlMs", async () => {
    const { cache, other, clock } = setUp({ nearTtlMs: 1_000 });
    await other.setMany([["short", one]], { ttlMs: 500 });
    await other.setMany([["long", one]]);
    expect(await cache.getMany(["short", "long"])).toEqual([one, one]);
    await clock.advance(499);
    expect(await cache.getMany(["short"])).toEqual([one]);
    await clock.advance(1);
    expect(await cache.getMany(["short"])).toEqual([undefined]);
    await other.setMany([["long", two]]);
    expect(await cache.getMany(["long"])).toEqual([one]);
    await clock.advance(500);
    expect(await cache.getMany(["long"])).toEqual([two]);
  });

  test("waits at most timeoutMs for a hanging far tier, and fails no call (T37)", async () => {
    const { cache, near } = setUp({ far: farThat(hangs), timeoutMs: 20 });
    const startedAt = performance.now();
    expect(await cache.getMany(["a"])).toEqual([undefined]);
    expect(performance.now() - startedAt).toBeLessThan(2_000);
    await cache.setMany([["a", one]]);
    expect(await cache.getMany(["a"])).toEqual([one]);
    expect(cache.stats().errors).toBe(1);
    expect(near.stats().entries).toBe(1);
  });

  test("counts a miss if a tier rejects, and still rejects on an abort", async () => {
    const failing = farThat(() => Promise.reject(new Error("broken")));
    const { cache } = setUp({ far: failing });
    expect(await cache.getMany(["a"])).toEqual([undefined]);
    expect(await cache.getOrLoad("a", async () => one)).toEqual(one);
    expect(cache.stats().errors).toBe(2);
    const controller = new AbortController();
    const hanging = setUp({ far: farThat(hangs) }).cache.getMany(["a"], { signal: controller.signal });
    controller.abort("left");
    await expect(hanging).rejects.toBe("left");
  });

  test("reports degraded health without its far tier", async () => {
    const { cache, far } = setUp();
    expect(await cache.health()).toMatchObject({ status: "ok" });
    await far.close();
    expect(await cache.health()).toMatchObject({
      status: "degraded",
      detail: expect.stringContaining("far: the cache is closed"),
    });
  });

  test("counts bytes of another format in a tier as misses (SB-R5)", async () => {
    const { cache, near, far } = setUp();
    for (const poison of [bytes(), bytes(1, 1, 0), new Uint8Array(16), new Uint8Array(40).fill(255)]) {
      await near.setMany([["a", poison]]);
      await far.setMany([["a", poison]]);
      expect(await cache.getMany(["a"])).toEqual([undefined]);
    }
  });

  test("rejects wrong options and names each", () => {
    const near = new MemoryCache();
    expect(() => createTieredCache({ near, far: near, ttlMs: 0, timeoutMs: -1 })).toThrow(ConfigurationError);
    const misspelt: object = { near, far: {}, nearTTL: 1 };
    expect(() => Reflect.apply(createTieredCache, undefined, [misspelt])).toThrow(
      /far: expected a Cache.*nearTTL/s,
    );
  });
});

describe("getOrLoad", () => {
  test("looks up and loads once for a thousand callers (T37, SB-R6)", async () => {
    const { cache } = setUp();
    const load = vi.fn(async () => one);
    const found = await Promise.all(Array.from({ length: 1_000 }, () => cache.getOrLoad("a", load)));
    expect(new Set(found)).toEqual(new Set([one]));
    expect(load).toHaveBeenCalledTimes(1);
    expect(cache.stats()).toMatchObject({ loads: 1, misses: 1, shared: 999, far: { hits: 0, misses: 1 } });
  });

  test("finds a value that another process has loaded", async () => {
    const { cache, other } = setUp();
    await cache.getOrLoad("a", async () => one);
    await cache.close();
    const load = vi.fn(async () => two);
    expect(await other.getOrLoad("a", load)).toEqual(one);
    expect(load).not.toHaveBeenCalled();
  });

  test("remembers for negativeTtlMs that a key has no value", async () => {
    const { cache, clock } = setUp({ negativeTtlMs: 100 });
    const load = vi.fn(async () => undefined);
    expect(await cache.getOrLoad("a", load)).toBeUndefined();
    expect(await cache.getOrLoad("a", load)).toBeUndefined();
    expect(await cache.getMany(["a"])).toEqual([undefined]);
    expect(load).toHaveBeenCalledTimes(1);
    await clock.advance(100);
    expect(await cache.getOrLoad("a", async () => one)).toEqual(one);
    await cache.getOrLoad("b", load, { negativeTtlMs: 0 });
    await cache.getOrLoad("b", load);
    expect(load).toHaveBeenCalledTimes(3);
  });

  test("neither stores nor shares a load if its key was deleted meanwhile", async () => {
    const { cache, far } = setUp();
    const { promise, resolve } = Promise.withResolvers<Uint8Array>();
    const before = cache.getOrLoad("a", () => promise);
    await new Promise(setImmediate);
    await cache.deleteMany(["a"]);
    const after = cache.getOrLoad("a", async () => two);
    expect(await after).toEqual(two);
    resolve(one);
    expect(await before).toEqual(one);
    expect(await cache.getMany(["a"])).toEqual([two]);
    await cache.close();
    expect(far.stats().entries).toBe(1);
  });

  test("aborts a load only when its last caller has left", async () => {
    const { cache } = setUp();
    let loading: AbortSignal | undefined;
    const load = (signal: AbortSignal) => {
      loading = signal;
      return new Promise<undefined>(() => undefined);
    };
    const controller = new AbortController();
    const waiting = cache.getOrLoad("a", load, { signal: controller.signal });
    await vi.waitFor(() => expect(loading).toBeDefined());
    controller.abort("left");
    await expect(waiting).rejects.toBe("left");
    expect(loading?.aborted).toBe(true);
  });

  test("drops and counts writes to the far tier beyond maxPendingBytes", async () => {
    const far = { ...farThat(async (keys) => keys.map(() => undefined)), setMany: hangs };
    const { cache } = setUp({ far, maxPendingBytes: 10, timeoutMs: 30 });
    for (let i = 0; i < 5; i++) await cache.getOrLoad(`${i}`, async () => new Uint8Array(6));
    expect(cache.stats().dropped).toBe(4);
    await cache.close();
    await cache.getOrLoad("5", async () => one);
  });

  test("still loads after close, and counts an error", async () => {
    const { cache } = setUp();
    await cache.close();
    expect(await cache.getOrLoad("a", async () => one)).toEqual(one);
    expect(cache.stats()).toMatchObject({ errors: 1, misses: 1 });
  });
});

describe("stale values and refresh", () => {
  test("serves a stale value for at most staleMs if loading fails", async () => {
    const { cache, clock, events } = setUp({ staleMs: 1_000 });
    const broken = new Error("the model is down");
    await cache.getOrLoad("a", async () => one, { ttlMs: 100 });
    await clock.advance(100);
    expect(await cache.getMany(["a"])).toEqual([undefined]);
    expect(await cache.getOrLoad("a", () => Promise.reject(broken))).toEqual(one);
    expect(events).toEqual([{ type: "stale_served", key: "a", error: broken }]);
    expect(cache.stats().stale).toBe(1);
    await clock.advance(1_000);
    await expect(cache.getOrLoad("a", () => Promise.reject(broken))).rejects.toBe(broken);
  });

  test("serves a stale value to a caller whose deadline passes, or rejects with a TimeoutError", async () => {
    const { cache, clock } = setUp();
    await cache.getOrLoad("a", async () => one, { ttlMs: 100 });
    await clock.advance(100);
    const never = () => new Promise<undefined>(() => undefined);
    expect(await cache.getOrLoad("a", never, { deadlineAt: Date.now() + 30 })).toEqual(one);
    const hasty = cache.getOrLoad("b", never, { deadlineAt: Date.now() + 5 });
    await expect(hasty).rejects.toSatisfy(TimeoutError.isInstance);
  });

  test("refreshes a costly value before its time ends, without delaying callers", async () => {
    const { cache, clock } = setUp({ refreshBeta: 1, random: () => 0.5 });
    const costly = async () => {
      await clock.advance(100);
      return one;
    };
    await cache.getOrLoad("a", costly, { ttlMs: 1_000 });
    await clock.advance(930); // 70 ms are left, and 100 × ln 2 is 69.3
    const load = vi.fn(async () => two);
    expect(await cache.getOrLoad("a", load)).toEqual(one);
    expect(load).not.toHaveBeenCalled();
    await clock.advance(1);
    expect(await cache.getOrLoad("a", load)).toEqual(one);
    await vi.waitFor(async () => expect(await cache.getOrLoad("a", load)).toEqual(two));
    expect(load).toHaveBeenCalledTimes(1);
    expect(cache.stats()).toMatchObject({ refreshes: 1, loads: 2 });
  });

  test("reports a refresh that fails, and keeps serving the value", async () => {
    const { cache, clock, events } = setUp({ refreshBeta: 1, random: () => 0.999 });
    await cache.getOrLoad("a", async () => (await clock.advance(50), one), { ttlMs: 100 });
    const error = new Error("down");
    expect(await cache.getOrLoad("a", () => Promise.reject(error))).toEqual(one);
    await vi.waitFor(() => expect(events).toEqual([{ type: "refresh_failed", key: "a", error }]));
  });
});
