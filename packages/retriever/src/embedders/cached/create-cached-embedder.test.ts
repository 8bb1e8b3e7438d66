import { BinnacleError, type Cache } from "@binnacle/core";
import { FakeEmbedder, embedderContract } from "@binnacle/core/testing";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { MemoryCache } from "../../caches/memory/index.ts";
import { createCachedEmbedder } from "./create-cached-embedder.ts";
import {
  CountingEmbedder,
  ExchangedEmbedder,
  HangingEmbedder,
  ZeroEmbedder,
} from "./fixtures/odd-embedders.ts";

const asDocument = { role: "document" } as const;

const gone = (): never => {
  throw new Error("gone");
};

describe("contract", () => {
  for (const { name, run } of embedderContract(() => Promise.resolve(make().cached)))
    test(`keeps the contract: ${name}`, run);
});

describe("cache", () => {
  test("embeds queries and documents once each and returns the model's vectors (T34)", async () => {
    const { model, cached, cache } = make();
    const direct = await new FakeEmbedder().embed(["one", "two"], asDocument);
    const first = await cached.embed(["one", "two"], asDocument);
    const second = await cached.embed(["two", "one"], asDocument);
    expect(first.outcomes).toEqual(direct.outcomes);
    expect(second.outcomes).toEqual(direct.outcomes.toReversed());
    await cached.embed(["one"], { role: "query" });
    await cached.embed(["one"], { role: "query" });
    expect(model.embedded).toEqual(["one", "two", "one"]);
    expect(cached.stats()).toEqual({ hits: 3, misses: 3, shared: 0, corrupt: 0, cacheErrors: 0 });
    expect(cache.stats()).toMatchObject({ hits: 3, misses: 3, entries: 3 });
  });

  test("counts damaged values and values of other dimensions as misses and replaces them", async () => {
    const { model, cached, cache } = make();
    await cached.embed(["a"], asDocument);
    const narrow = createCachedEmbedder(new FakeEmbedder({ dimensions: 8 }), { cache });
    expect((await narrow.embed(["a"], asDocument)).outcomes[0]).toHaveLength(8);
    expect((await cached.embed(["a"], asDocument)).outcomes[0]).toHaveLength(64);
    expect((await cached.embed(["a"], asDocument)).outcomes[0]).toHaveLength(64);
    expect(cached.stats()).toMatchObject({ hits: 1, misses: 2, corrupt: 1 });
    expect(model.embedded).toEqual(["a", "a"]);
  });

  test.each([
    ["rejects", () => Promise.reject(new Error("gone"))],
    ["throws", gone],
  ])("asks the model if the cache %s, although its contract forbids that (T37)", async (_, fail) => {
    const broken: Cache = {
      getMany: fail,
      setMany: fail,
      deleteMany: () => Promise.resolve(),
      stats: () => ({ hits: 0, misses: 0, errors: 0, evictions: 0 }),
      health: () => Promise.resolve({ status: "down", latencyMs: 0 }),
      close: () => Promise.resolve(),
      [Symbol.asyncDispose]: () => Promise.resolve(),
    };
    const cached = createCachedEmbedder(new FakeEmbedder(), { cache: broken });
    for (let calls = 1; calls < 3; calls++) {
      expect((await cached.embed(["a"], asDocument)).outcomes[0]).toBeInstanceOf(Float32Array);
      await new Promise(setImmediate); // by then the write has failed too
      expect(cached.stats()).toMatchObject({ misses: calls, cacheErrors: 2 * calls });
    }
    await cached.close();
  });

  test("shares no vectors between tenants of one cache", async () => {
    const { model, cache } = make();
    for (const tenant of ["acme", "globex"]) {
      await createCachedEmbedder(model, { cache, tenant }).embed(["a"], asDocument);
    }
    expect(model.embedded).toEqual(["a", "a"]);
  });

  test("never mixes the vectors of a model that was replaced at the same address", async () => {
    const model = new ExchangedEmbedder();
    const cached = createCachedEmbedder(model, { cache: new MemoryCache() });
    await cached.embed(["a"], asDocument);
    model.exchange("new");
    const result = await cached.embed(["a", "b"], asDocument);
    expect(result.spaceId).toBe("new");
    expect(result.outcomes).toEqual((await new FakeEmbedder().embed(["a", "b"], asDocument)).outcomes);
  });

  test("reports only this call's own usage", async () => {
    const cached = createCachedEmbedder(new CountingEmbedder(), { cache: new MemoryCache() });
    expect((await cached.embed(["a", "b"], asDocument)).usage).toEqual({ tokens: 20 });
    expect((await cached.embed(["a", "b", "c"], asDocument)).usage).toEqual({ tokens: 10 });
    expect((await cached.embed(["a"], asDocument)).usage).toEqual({ tokens: 0 });
  });
});

describe("equal inputs", () => {
  test("sends only 300 inputs to the model for 1,000 texts of which 300 are distinct (T48)", async () => {
    const { model, cached } = make();
    const texts = Array.from({ length: 1000 }, (_, index) => `text ${index % 300}`);
    const { outcomes } = await cached.embed(texts, asDocument);
    expect(model.embedded).toHaveLength(300);
    expect(outcomes).toEqual((await new FakeEmbedder().embed(texts, asDocument)).outcomes);
    expect(cached.stats()).toMatchObject({ misses: 300, shared: 700 });
  });

  test("asks the model once for 50 concurrent equal queries (T37)", async () => {
    const { model, cached } = make();
    const results = await Promise.all(
      Array.from({ length: 50 }, () => cached.embed(["what?"], { role: "query" })),
    );
    expect(model.embedded).toEqual(["what?"]);
    expect(new Set(results.map(({ outcomes }) => String(outcomes[0]))).size).toBe(1);
    expect(cached.stats()).toMatchObject({ misses: 1, shared: 49 });
  });

  test("shares the common inputs of concurrent calls and embeds the rest for each", async () => {
    const { model, cached } = make();
    const [first, second] = await Promise.all([
      cached.embed(["a", "b"], asDocument),
      cached.embed(["b", "c"], asDocument),
    ]);
    expect(model.embedded.toSorted()).toEqual(["a", "b", "c"]);
    expect(first.outcomes[1]).toEqual(second.outcomes[0]);
  });

  test("shares running inputs with a later call and looks up the others", async () => {
    const gate = Promise.withResolvers<void>();
    const { model, cached } = make({
      onEmbed: (inputs) => (inputs.includes("new") ? gate.promise : undefined),
    });
    await cached.embed(["stored"], asDocument);
    const first = cached.embed(["stored", "new", "new"], asDocument);
    await expect.poll(() => cached.stats().misses).toBe(2);
    const second = cached.embed(["new", "stored", "other", "new"], asDocument);
    await expect.poll(() => cached.stats().shared).toBe(3);
    gate.resolve();
    const direct = await new FakeEmbedder().embed(["stored", "new", "other"], asDocument);
    const [stored, fresh, other] = direct.outcomes;
    expect((await first).outcomes).toEqual([stored, fresh, fresh]);
    expect((await second).outcomes).toEqual([fresh, stored, other, fresh]);
    expect(model.embedded.toSorted()).toEqual(["new", "other", "stored"]);
    expect(cached.stats()).toMatchObject({ hits: 2, misses: 3, shared: 3 });
  });

  test("returns the model's own vectors and embeds no text twice, however calls overlap", async () => {
    const texts = fc.array(fc.constantFrom("a", "b", "c", "d", "e", "f"), { maxLength: 6 });
    await fc.assert(
      fc.asyncProperty(fc.array(texts, { maxLength: 6 }), async (calls) => {
        const { model, cached } = make({ onEmbed: () => Promise.resolve() });
        const results = await Promise.all(calls.map((inputs) => cached.embed(inputs, asDocument)));
        for (const [index, inputs] of calls.entries()) {
          const { outcomes } = await new FakeEmbedder().embed(inputs, asDocument);
          expect(results[index]?.outcomes).toEqual(outcomes);
        }
        expect(model.embedded.toSorted()).toEqual([...new Set(calls.flat())].toSorted());
        const { hits, misses, shared } = cached.stats();
        expect(hits + misses + shared).toBe(calls.flat().length);
      }),
    );
  });
});

describe("vectors", () => {
  test("gives each caller its own vectors, so that changing them affects neither other callers nor the cache", async () => {
    const { cached } = make();
    const [one, two] = await Promise.all([
      cached.embed(["a", "a"], asDocument),
      cached.embed(["a"], asDocument),
    ]);
    const vectors = [...one.outcomes, ...two.outcomes, ...(await cached.embed(["a"], asDocument)).outcomes];
    for (const vector of vectors) if (vector instanceof Float32Array) vector[0] = (vector[0] ?? 0) + 5;
    expect(new Set(vectors.map((vector) => vector instanceof Float32Array && vector.buffer)).size).toBe(4);
    const [direct] = (await new FakeEmbedder().embed(["a"], asDocument)).outcomes;
    expect((await cached.embed(["a"], asDocument)).outcomes).toEqual([direct]);
  });

  test("gives each caller its own copy of a cached vector, even for repeated or concurrent inputs", async () => {
    const { cached } = make();
    await cached.embed(["a"], asDocument);
    const results = await Promise.all([
      cached.embed(["a", "a"], asDocument).then(({ outcomes }) => outcomes.map(spoil)),
      cached.embed(["a"], asDocument).then(({ outcomes }) => outcomes.map(spoil)),
    ]);
    const alone = (await cached.embed(["a", "a"], asDocument)).outcomes.map(spoil);
    const [direct] = (await new FakeEmbedder().embed(["a"], asDocument)).outcomes;
    for (const vector of [...results.flat(), ...alone]) expect(vector).toEqual(direct);
  });
});

describe("failures", () => {
  test("returns an error for one input, vectors for the others, and does not cache the error", async () => {
    const { model, cached } = make({ maxCharacters: 3 });
    const first = await cached.embed(["long text", "abc"], asDocument);
    expect(first.outcomes[0]).toMatchObject({ code: "input_too_long" });
    expect(first.outcomes[1]).toBeInstanceOf(Float32Array);
    await cached.embed(["long text", "abc"], asDocument);
    expect(model.embedded).toEqual(["long text", "abc", "long text"]);
  });

  test("returns an error for a vector that violates the embedder's contract, and does not cache it", async () => {
    const cached = createCachedEmbedder(new ZeroEmbedder(), { cache: new MemoryCache() });
    for (let i = 0; i < 2; i++) {
      const { outcomes } = await cached.embed(["a"], asDocument);
      expect(outcomes).toMatchObject([{ code: "invalid_vector" }]);
    }
    expect(cached.stats()).toMatchObject({ misses: 2 });
  });

  test("rejects every waiting caller if the model fails, and asks the model again for the next call", async () => {
    let failures = 1;
    const down = new BinnacleError("server_error", "down");
    const { model, cached } = make({
      onEmbed: () => {
        if (failures-- > 0) throw down;
      },
    });
    const both = [cached.embed(["a"], asDocument), cached.embed(["a"], asDocument)];
    for (const call of both) await expect(call).rejects.toBe(down);
    await cached.embed(["a"], asDocument);
    expect(model.embedded).toEqual(["a"]);
  });

  test("rejects wrong options and names each", () => {
    const wrong: object = { ttlMs: 0, tenant: "", ttl: 5 };
    expect(() => Reflect.apply(createCachedEmbedder, undefined, [new FakeEmbedder(), wrong])).toThrow(
      /cache: .*ttlMs: .*tenant: .*`ttl`/,
    );
  });
});

describe("abort, deadline and close", () => {
  test("keeps a shared call running while one caller still waits", async () => {
    const gate = Promise.withResolvers<void>();
    const { model, cached } = make({ onEmbed: () => gate.promise });
    const controller = new AbortController();
    const leaver = cached.embed(["a"], { ...asDocument, signal: controller.signal });
    const stayer = cached.embed(["a"], asDocument);
    await expect.poll(() => cached.stats().shared).toBe(1);
    controller.abort("gone");
    await expect(leaver).rejects.toBe("gone");
    gate.resolve();
    expect((await stayer).outcomes[0]).toBeInstanceOf(Float32Array);
    expect(model.calls).toBe(1);
  });

  test("aborts the model's call when the last caller leaves, and starts a new call for a later caller", async () => {
    const model = new HangingEmbedder();
    const cached = createCachedEmbedder(model, { cache: new MemoryCache() });
    const controllers = [new AbortController(), new AbortController()];
    const calls = controllers.map(({ signal }) => cached.embed(["a"], { ...asDocument, signal }));
    await expect.poll(() => model.signals.length).toBe(1);
    controllers[0]?.abort("first");
    await expect(calls[0]).rejects.toBe("first");
    expect(model.signals[0]?.aborted).toBe(false);
    controllers[1]?.abort("second");
    await expect(calls[1]).rejects.toBe("second");
    expect(model.signals[0]?.reason).toBe("second");
    const last = new AbortController();
    const later = cached.embed(["a"], { ...asDocument, signal: last.signal });
    await expect.poll(() => model.signals.length).toBe(2);
    last.abort("third");
    await expect(later).rejects.toBe("third");
  });

  test("ends only the wait of the caller whose deadline passes", async () => {
    const gate = Promise.withResolvers<void>();
    const { cached } = make({ onEmbed: () => gate.promise });
    const hasty = cached.embed(["a"], { ...asDocument, deadlineAt: Date.now() + 5 });
    const patient = cached.embed(["a"], asDocument);
    await expect(hasty).rejects.toMatchObject({ code: "timeout" });
    gate.resolve();
    expect((await patient).outcomes).toHaveLength(1);
  });

  test("asks nothing for an empty call, and rejects with the reason of a signal that has fired", async () => {
    const { model, cached } = make();
    expect((await cached.embed([], asDocument)).outcomes).toEqual([]);
    const signal = AbortSignal.abort("gone");
    await expect(cached.embed(["a"], { ...asDocument, signal })).rejects.toBe("gone");
    expect(model.calls).toBe(0);
  });

  test("stores pending vectors on close, then rejects calls, and leaves embedder and cache open", async () => {
    const { model, cached, cache } = make();
    await cached.embed(["a"], asDocument);
    await cached.close();
    await cached.close();
    await expect(cached.embed(["a"], asDocument)).rejects.toMatchObject({ code: "closed" });
    await expect(cached.describe()).rejects.toMatchObject({ code: "closed" });
    expect(cache.stats().entries).toBe(1);
    expect((await model.embed(["b"], asDocument)).outcomes).toHaveLength(1);
  });
});

/** Copies a vector and then overwrites the original. */
function spoil(outcome: unknown): unknown {
  if (!(outcome instanceof Float32Array)) return outcome;
  const copy = outcome.slice();
  outcome.fill(9);
  return copy;
}

function make(options: ConstructorParameters<typeof FakeEmbedder>[0] = {}) {
  const model = new FakeEmbedder(options);
  const cache = new MemoryCache();
  return { model, cache, cached: createCachedEmbedder(model, { cache }) };
}
