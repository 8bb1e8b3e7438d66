import { expect, test } from "vitest";
import type { Cache } from "../../spec/cache.ts";
import { createResultCache } from "./create-result-cache.ts";

/** A cache over a map, which a test can fill and break. */
function mapCache() {
  const values = new Map<string, Uint8Array>();
  const cache: Cache = {
    getMany: async (keys) => keys.map((key) => values.get(key)),
    setMany: async (entries) => entries.forEach(([key, value]) => values.set(key, value)),
    deleteMany: async (keys) => keys.forEach((key) => values.delete(key)),
    stats: () => ({ hits: 0, misses: 0, errors: 0 }),
    health: async () => ({ status: "ok", latencyMs: 0 }),
    close: async () => undefined,
    [Symbol.asyncDispose]: async () => undefined,
  };
  return { cache, values };
}

const isNumbers = (value: unknown): value is number[] =>
  Array.isArray(value) && value.every((one) => typeof one === "number");

function setUp(cache: Cache, maxPendingBytes = 1_000_000) {
  const errors: unknown[] = [];
  const onCacheError = (error: unknown) => void errors.push(error);
  return {
    errors,
    results: createResultCache({ cache, ttlMs: 1_000, maxPendingBytes, isResult: isNumbers, onCacheError }),
  };
}

test("returns a kept result with the same numbers and its age", async () => {
  const { cache } = mapCache();
  const { results } = setUp(cache);
  const numbers = [0.1 + 0.2, 1e-300, -1, Number.MAX_SAFE_INTEGER];
  results.keep("a", numbers);
  await results.settled();
  expect(await results.find("a", {})).toEqual({ result: numbers, ageMs: expect.any(Number) });
  expect(await results.find("b", {})).toBeUndefined();
});

test("counts incomplete, foreign and another key's bytes as misses (SB-R5)", async () => {
  const { cache, values } = mapCache();
  const { results } = setUp(cache);
  results.keep("a", [1]);
  results.keep("b", [2]);
  await results.settled();
  const [a, b] = [values.get("a") ?? new Uint8Array(), values.get("b") ?? new Uint8Array()];
  const poisons = [
    a.slice(0, -1),
    b,
    new Uint8Array(),
    Buffer.from("null"),
    Buffer.from("[]"),
    Buffer.from('{"key":"a","madeAt":1,"result":"x"}'),
    Buffer.from([0xff, 0xfe]),
  ];
  for (const poison of poisons) {
    values.set("a", poison);
    expect(await results.find("a", {})).toBeUndefined();
  }
  expect(results.counts).toEqual({ corrupt: poisons.length, cacheErrors: 0 });
});

test("counts a cache's rejection as a miss, and rejects with an abort's reason", async () => {
  const broken = new Error("broken");
  const cache: Cache = {
    ...mapCache().cache,
    getMany: () => Promise.reject(broken),
    setMany: () => Promise.reject(broken),
  };
  const { results, errors } = setUp(cache);
  expect(await results.find("a", {})).toBeUndefined();
  results.keep("a", [1]);
  await results.settled();
  expect(errors).toEqual([broken, broken]);
  expect(results.counts).toEqual({ corrupt: 0, cacheErrors: 2 });
  await expect(results.find("a", { signal: AbortSignal.abort("left") })).rejects.toBe("left");
});

test("does not store results beyond maxPendingBytes", async () => {
  const { cache, values } = mapCache();
  const gate = Promise.withResolvers<void>();
  const slow: Cache = { ...cache, setMany: async (entries) => (await gate.promise, cache.setMany(entries)) };
  const { results } = setUp(slow, 10);
  results.keep("a", [1]);
  results.keep("b", [2]);
  gate.resolve();
  await results.settled();
  expect([...values.keys()]).toEqual(["a"]);
});
