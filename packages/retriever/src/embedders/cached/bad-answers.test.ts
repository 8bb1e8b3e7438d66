import { FakeEmbedder } from "@binnacle/core/testing";
import { expect, test } from "vitest";
import { MemoryCache } from "../../caches/memory/index.ts";
import { createCachedEmbedder } from "./create-cached-embedder.ts";

const asDocument = { role: "document" } as const;

test.each<[what: string, answer: unknown, code: string]>([
  ["fewer outcomes", { spaceId: "fake", outcomes: [new Float32Array(64).fill(1)] }, "invalid_response"],
  [
    "other dimensions",
    { spaceId: "fake", outcomes: [new Float32Array(2), new Float32Array(2)] },
    "invalid_response",
  ],
  ["arrays of numbers", { spaceId: "fake", outcomes: [[1], [1]] }, "invalid_response"],
  [
    "another space each time",
    { spaceId: "other", outcomes: [new Float32Array(64), new Float32Array(64)] },
    "wrong_space",
  ],
])("rejects and caches nothing if the model answers with %s", async (_, answer, code) => {
  const { model, cached, cache } = make();
  Object.assign(model, { embed: () => Promise.resolve(answer) });
  await expect(cached.embed(["a", "b"], asDocument)).rejects.toMatchObject({ code });
  expect(cache.stats().entries).toBe(0);
});

test.each<[what: string, values: unknown]>([
  ["nothing", undefined],
  ["fewer values than keys", []],
  ["texts", ["x", "y"]],
])("asks the model if the cache returns %s", async (_, values) => {
  const { model, cached, cache } = make();
  Object.assign(cache, { getMany: () => Promise.resolve(values) });
  const { outcomes } = await cached.embed(["a", "b"], asDocument);
  expect(outcomes).toEqual((await new FakeEmbedder().embed(["a", "b"], asDocument)).outcomes);
  expect(model.embedded).toEqual(["a", "b"]);
});

test("rejects wrong inputs and options and names each", async () => {
  const { cached } = make();
  const raw = (value: unknown): ReturnType<typeof JSON.parse> => value;
  await expect(cached.embed(raw("a"), asDocument)).rejects.toThrow(/inputs: expected an array/);
  await expect(cached.embed([raw(null)], asDocument)).rejects.toThrow(/inputs\.0/);
  await expect(cached.embed(["a"], raw({}))).rejects.toThrow(/role/);
  expect(() => createCachedEmbedder(raw(Promise.resolve(cached)), { cache: new MemoryCache() })).toThrow(
    /embedder: .*await it first/,
  );
});

function make() {
  const model = new FakeEmbedder();
  const cache = new MemoryCache();
  return { model, cache, cached: createCachedEmbedder(model, { cache }) };
}
