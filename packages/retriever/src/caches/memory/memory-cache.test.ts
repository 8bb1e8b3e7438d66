import { ConfigurationError } from "@binnacle/core";
import { cacheContract } from "@binnacle/core/testing";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { MemoryCache } from "./memory-cache.ts";

const overheadBytes = 512;

type Step =
  | { readonly do: "set"; readonly key: string; readonly size: number; readonly ttlMs: number | undefined }
  | { readonly do: "get" | "delete"; readonly key: string }
  | { readonly do: "pass"; readonly ms: number };

const key = fc.constantFrom("a", "b", "c", "dd", "eee");
const step: fc.Arbitrary<Step> = fc.oneof(
  fc.record({
    do: fc.constant("set"),
    key,
    size: fc.integer({ min: 0, max: 700 }),
    ttlMs: fc.constantFrom(undefined, 0, 5, 20),
  }),
  fc.record({ do: fc.constantFrom("get", "delete"), key }),
  fc.record({ do: fc.constant("pass"), ms: fc.integer({ min: 0, max: 8 }) }),
);

/** The same contract in the plainest form: a list in the order of use. */
class NaiveCache {
  readonly maxBytes: number;
  now = 0;
  evictions = 0;
  list: { key: string; size: number; expiresAt: number }[] = [];

  constructor(maxBytes: number) {
    this.maxBytes = maxBytes;
  }
  get bytes(): number {
    return this.list.reduce((sum, { key, size }) => sum + this.cost(key, size), 0);
  }
  cost(key: string, size: number): number {
    return 2 * key.length + size + overheadBytes;
  }
  delete(key: string): void {
    this.list = this.list.filter((entry) => entry.key !== key);
  }
  get(key: string): number | undefined {
    const entry = this.list.find((candidate) => candidate.key === key);
    this.delete(key);
    if (entry === undefined || entry.expiresAt <= this.now) return undefined;
    this.list.push(entry);
    return entry.size;
  }
  set(key: string, size: number, ttlMs: number): void {
    this.delete(key);
    if (ttlMs === 0 || this.cost(key, size) > this.maxBytes) return;
    while (this.bytes + this.cost(key, size) > this.maxBytes) {
      this.list.shift();
      this.evictions += 1;
    }
    this.list.push({ key, size, expiresAt: this.now + ttlMs });
  }
}

describe("contract", () => {
  for (const { name, run } of cacheContract(() => Promise.resolve(new MemoryCache())))
    test(`keeps the contract: ${name}`, run);
});

describe("eviction", () => {
  test("evicts the least recently used value", async () => {
    const cache = new MemoryCache({ maxBytes: 3 * (overheadBytes + 12) });
    const ten = new Uint8Array(10);
    await cache.setMany([["a", ten], ["b", ten], ["c", ten]]); // prettier-ignore
    await cache.getMany(["a"]);
    await cache.setMany([["d", ten]]);
    expect(await cache.getMany(["a", "b", "c", "d"])).toEqual([ten, undefined, ten, ten]);
    expect(cache.stats()).toMatchObject({ evictions: 1, entries: 3, bytes: 3 * (overheadBytes + 12) });
  });

  test("drops a value that is larger than the cache, and the value that it replaces, but evicts nothing", async () => {
    const cache = new MemoryCache({ maxBytes: 1_200 });
    await cache.setMany([["a", new Uint8Array(1)], ["b", new Uint8Array(2)]]); // prettier-ignore
    await cache.setMany([["a", new Uint8Array(1_200)]]);
    expect(await cache.getMany(["a", "b"])).toEqual([undefined, new Uint8Array(2)]);
    expect(cache.stats().evictions).toBe(0);
  });

  test("holds the same entries as a naive list after any steps, and never more than maxBytes (T37)", async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 60 }), async (steps) => {
        const naive = new NaiveCache(2_500);
        const cache = new MemoryCache({ maxBytes: 2_500, ttlMs: 12, clock: () => naive.now });
        for (const action of steps) {
          if (action.do === "pass") naive.now += action.ms;
          if (action.do === "set") {
            await cache.setMany([[action.key, new Uint8Array(action.size)]], { ttlMs: action.ttlMs });
            naive.set(action.key, action.size, action.ttlMs ?? 12);
          }
          if (action.do === "delete") {
            await cache.deleteMany([action.key]);
            naive.delete(action.key);
          }
          if (action.do === "get") {
            const [found] = await cache.getMany([action.key]);
            expect(found?.length).toBe(naive.get(action.key));
          }
          const { bytes, entries, evictions } = cache.stats();
          expect({ bytes, entries, evictions }).toEqual({
            bytes: naive.bytes,
            entries: naive.list.length,
            evictions: naive.evictions,
          });
          expect(bytes).toBeLessThanOrEqual(2_500);
        }
      }),
    );
  });
});

test("rejects wrong options and names each", () => {
  expect(() => new MemoryCache({ maxBytes: 0 })).toThrow(ConfigurationError);
  expect(() => new MemoryCache({ maxBytes: 1.5, ttlMs: -1 })).toThrow(/maxBytes: .*; ttlMs: /);
  const misspelt: object = { maxbytes: 5 };
  expect(() => new MemoryCache(misspelt)).toThrow(/maxbytes/);
});
