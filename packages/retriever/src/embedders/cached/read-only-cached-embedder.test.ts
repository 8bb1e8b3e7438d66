import { FakeEmbedder, embedderContract } from "@binnacle/core/testing";
import { expect, test } from "vitest";
import { MemoryCache } from "../../caches/memory/index.ts";
import { createCachedEmbedder } from "./create-cached-embedder.ts";

const asDocument = { role: "document" } as const;

for (const { name, run } of embedderContract(() => Promise.resolve(make().cached)))
  test(`createCachedEmbedder with readOnlyVectors: ${name}`, run);

test("T34: equal texts get one vector, from the model as from the cache", async () => {
  const { model, cached } = make();
  const calls = [cached.embed(["a", "a", "b"], asDocument), cached.embed(["a"], asDocument)];
  const [first, second] = await Promise.all(calls);
  expect(first?.outcomes[0]).toBe(first?.outcomes[1]);
  expect(first?.outcomes[0]).toBe(second?.outcomes[0]);
  const third = await cached.embed(["b", "a"], asDocument);
  const fourth = await cached.embed(["a"], asDocument);
  expect(third.outcomes[1]).toBe(fourth.outcomes[0]);
  expect(third.outcomes).toEqual((await new FakeEmbedder().embed(["b", "a"], asDocument)).outcomes);
  expect(model.embedded).toEqual(["a", "b"]);
});

test("a vector that a caller scaled is counted as damaged and embedded again", async () => {
  const { model, cached } = make();
  await cached.embed(["a"], asDocument);
  const [spoilt] = (await cached.embed(["a"], asDocument)).outcomes;
  if (spoilt instanceof Float32Array) for (const [i, x] of spoilt.entries()) spoilt[i] = x / 2;
  const [again] = (await cached.embed(["a"], asDocument)).outcomes;
  expect(again).toEqual((await new FakeEmbedder().embed(["a"], asDocument)).outcomes[0]);
  expect(model.embedded).toEqual(["a", "a"]);
  expect(cached.stats()).toEqual({ hits: 1, misses: 2, shared: 0, corrupt: 1, cacheErrors: 0 });
});

test("a failed outcome stays an error", async () => {
  const { cached } = make({ maxCharacters: 3 });
  const { outcomes } = await cached.embed(["long text", "abc"], asDocument);
  expect(outcomes[0]).toMatchObject({ code: "input_too_long" });
  expect(outcomes[1]).toBeInstanceOf(Float32Array);
});

function make(options: ConstructorParameters<typeof FakeEmbedder>[0] = {}) {
  const model = new FakeEmbedder(options);
  const cached = createCachedEmbedder(model, { cache: new MemoryCache(), readOnlyVectors: true });
  return { model, cached };
}
