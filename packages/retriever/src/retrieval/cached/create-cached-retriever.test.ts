import { ConfigurationError, type Collection, type Retriever, type VectorStore } from "@binnacle/core";
import { retrieverContract } from "@binnacle/core/testing";
import fc from "fast-check";
import { describe, expect, test, vi } from "vitest";
import { MemoryCache } from "../../caches/memory/index.ts";
import { createIndexer } from "../../indexing/create-indexer.ts";
import { createRetriever } from "../create-retriever.ts";
import { indexed, textDocument } from "../fixtures/indexed.ts";
import type { CachedRetrieverEvent, CachedRetrieverOptions } from "./cached-retriever-options.ts";
import { createCachedRetriever } from "./create-cached-retriever.ts";

// As plain JavaScript passes it.
const raw = (value: unknown): ReturnType<typeof JSON.parse> => value;

const fields = { kind: "keyword" } as const;
const settings = { mode: "lexical" };

const pages = ["harbour", "tide", "anchor"].map((word) =>
  textDocument(`${word}.txt`, `The ${word} is here.`),
);

async function setUp(options: Partial<CachedRetrieverOptions> = {}) {
  const { store, index } = await indexed(pages, {});
  const direct = createRetriever({ store, index });
  const inner = { retrieve: vi.fn(direct.retrieve) };
  const cache = new MemoryCache();
  const events: CachedRetrieverEvent[] = [];
  const all = {
    cache,
    store,
    collection: index.name,
    settings,
    onEvent: (event: CachedRetrieverEvent) => void events.push(event),
    ...options,
  };
  return { store, index, direct, inner, cache, events, all, cached: createCachedRetriever(inner, all) };
}

/** Replaces the `epoch` method of the store's collections. */
function withEpoch(store: VectorStore, epoch: Collection["epoch"]): VectorStore {
  return new Proxy(store, {
    get: (target, name) =>
      name === "collection"
        ? (...args: Parameters<VectorStore["collection"]>) => ({ ...target.collection(...args), epoch })
        : Reflect.get(target, name),
  });
}

describe("contract", () => {
  for (const { name, run } of retrieverContract(async (documents) => {
    const { store, index } = await indexed(documents, { fields });
    const inner: Retriever = createRetriever({ store, index });
    const options = { cache: new MemoryCache(), store, collection: index.name, settings };
    return { retriever: createCachedRetriever(inner, options), close: () => store.close() };
  })) {
    test(`keeps the contract: ${name}`, run);
  }
});

describe("cache keys", () => {
  test("answers an equal question from the cache and records it in the trace (T35)", async () => {
    const { cached, inner } = await setUp();
    const first = await cached.retrieve("harbour");
    await cached.close();
    const second = await cached.retrieve("harbour");
    expect(inner.retrieve).toHaveBeenCalledTimes(1);
    expect(second.passages).toEqual(JSON.parse(JSON.stringify(first.passages)));
    expect(first.trace.cachedForMs).toBeUndefined();
    expect(second.trace).toMatchObject({ embedMs: 0, searchMs: 0, cachedForMs: expect.any(Number) });
    expect(cached.stats()).toMatchObject({ hits: 1, misses: 1, shared: 0, uncached: 0 });
  });

  test("answers after any writes as the retriever without a cache does (T35)", async () => {
    const words = ["harbour", "tide", "anchor", "rope"];
    const ask = fc.record({ ask: fc.constantFrom(...words), limit: fc.integer({ min: 1, max: 2 }) });
    const step = fc.oneof(
      { weight: 4, arbitrary: ask },
      {
        weight: 1,
        arbitrary: fc.record({
          write: fc.constantFrom("a.txt", "b.txt", "c.txt"),
          text: fc.constantFrom(...words),
        }),
      },
    );
    let hits = 0;
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 5, maxLength: 25 }), async (steps) => {
        const { store, index, direct, cached } = await setUp();
        const indexer = createIndexer({ store, index });
        for (const one of steps) {
          if ("write" in one) await indexer.upsert([textDocument(one.write, `Now the ${one.text} is here.`)]);
          else {
            const { passages } = await cached.retrieve(one.ask, { limit: one.limit });
            const expected = (await direct.retrieve(one.ask, { limit: one.limit })).passages;
            expect(passages).toEqual(JSON.parse(JSON.stringify(expected)));
          }
        }
        hits += cached.stats().hits;
      }),
      { numRuns: 30 },
    );
    expect(hits).toBeGreaterThan(10);
  });

  test("leaves no old result behind if a write occurs between reading the epoch and the search", async () => {
    const { store, index, inner, cached, direct } = await setUp();
    const indexer = createIndexer({ store, index });
    inner.retrieve.mockImplementationOnce(async (query, options) => {
      const old = await direct.retrieve(query, options);
      await indexer.upsert([textDocument("new.txt", "The harbour is new. The harbour!")]);
      return old;
    });
    await cached.retrieve("harbour");
    await cached.close();
    expect((await cached.retrieve("harbour")).passages).toHaveLength(2);
  });

  test("uses separate keys for another collection, tenant, setting, limit, filter, evidence or question (T35)", async () => {
    const { all, inner, cached } = await setUp();
    await cached.retrieve("harbour");
    const others = [
      () => cached.retrieve("harbour "),
      () => cached.retrieve("harbour", { limit: 2 }),
      () => cached.retrieve("harbour", { evidence: true }),
      () => createCachedRetriever(inner, { ...all, settings: { mode: "dense" } }).retrieve("harbour"),
      () =>
        createCachedRetriever(inner, {
          ...all,
          store: withEpoch(all.store, async () => "e"),
          tenant: "a",
        }).retrieve("harbour"),
      () =>
        createCachedRetriever(inner, {
          ...all,
          store: withEpoch(all.store, async () => "e"),
          tenant: "b",
        }).retrieve("harbour"),
      () =>
        createCachedRetriever(inner, { ...all, store: withEpoch(all.store, async () => "e") }).retrieve(
          "harbour",
        ),
    ];
    for (const ask of others) await ask();
    expect(inner.retrieve).toHaveBeenCalledTimes(1 + others.length);
    await cached.retrieve({ content: [{ type: "text", text: "harbour" }] });
    await cached.retrieve("harbour", { limit: undefined });
    expect(inner.retrieve).toHaveBeenCalledTimes(1 + others.length);
  });

  test("searches once for a hundred equal questions, and fails only the caller that aborts", async () => {
    const { cached, inner, direct } = await setUp();
    const gate = Promise.withResolvers<void>();
    inner.retrieve.mockImplementationOnce(async (query, options) => {
      await gate.promise;
      return direct.retrieve(query, options);
    });
    const controller = new AbortController();
    const leaving = cached.retrieve("tide", { signal: controller.signal });
    const staying = Array.from({ length: 99 }, () => cached.retrieve("tide"));
    await vi.waitFor(() => expect(inner.retrieve).toHaveBeenCalled());
    controller.abort("left");
    await expect(leaving).rejects.toBe("left");
    gate.resolve();
    for (const one of staying) expect((await one).passages).toHaveLength(1);
    expect(inner.retrieve).toHaveBeenCalledTimes(1);
  });
});

describe("failures", () => {
  test("caches nothing if the epoch cannot be read", async () => {
    const { all, inner, events } = await setUp();
    const error = new Error("no epoch");
    const failing = createCachedRetriever(inner, {
      ...all,
      store: withEpoch(all.store, () => Promise.reject(error)),
    });
    const without = createCachedRetriever(inner, {
      ...all,
      store: withEpoch(all.store, async () => undefined),
    });
    for (const cached of [failing, without]) {
      for (let i = 0; i < 2; i++) await cached.retrieve("tide");
      await cached.close();
      expect(cached.stats()).toMatchObject({ uncached: 2, hits: 0, misses: 0 });
    }
    expect(inner.retrieve).toHaveBeenCalledTimes(4);
    expect(events).toEqual([{ type: "epoch_failed", error }, { type: "epoch_failed", error }]); // prettier-ignore
  });

  test("counts foreign bytes, cut bytes and another key's bytes as misses (SB-R5)", async () => {
    const { cached, cache, inner } = await setUp();
    const keys: string[] = [];
    const spy = vi.spyOn(cache, "setMany");
    await cached.retrieve("tide");
    await cached.retrieve("harbour");
    await cached.close();
    const stored = spy.mock.calls.flatMap(([entries]) => entries);
    keys.push(...stored.map(([key]) => key));
    const [key = "", other = ""] = keys;
    const values = new Map(stored);
    const whole = values.get(key) ?? new Uint8Array();
    const poisons = [
      whole.slice(0, -2),
      values.get(other) ?? whole,
      Buffer.from("{}"),
      Buffer.from('"x"'),
      new Uint8Array(),
      Buffer.from("[[0.1,0.2]]"),
    ];
    for (const poison of poisons) {
      await cache.setMany([[key, poison]]);
      expect((await cached.retrieve("tide")).passages[0]?.text).toContain("tide");
      await cached.close();
    }
    expect(cached.stats().corrupt).toBe(poisons.length);
    expect(inner.retrieve).toHaveBeenCalledTimes(2 + poisons.length);
  });

  test("searches if the cache rejects, and passes the retriever's errors on", async () => {
    const broken = new Error("broken");
    const rejecting = {
      ...new MemoryCache(),
      getMany: () => Promise.reject(broken),
      setMany: () => Promise.reject(broken),
    };
    const { cached, inner, events } = await setUp({
      cache: Object.setPrototypeOf(rejecting, MemoryCache.prototype),
    });
    expect((await cached.retrieve("tide")).passages).toHaveLength(1);
    await cached.close();
    expect(cached.stats().cacheErrors).toBe(2);
    expect(events).toContainEqual({ type: "cache_failed", error: broken });
    inner.retrieve.mockRejectedValueOnce(broken);
    await expect(cached.retrieve("tide")).rejects.toBe(broken);
    await expect(cached.retrieve("")).rejects.toThrow(ConfigurationError);
    await expect(cached.retrieve("tide", raw(null))).rejects.toThrow(/expected object, received null/);
  });

  test("rejects wrong options and names each", () => {
    const inner: Retriever = { retrieve: () => Promise.reject(new Error("unused")) };
    const wrong: object = { cache: {}, store: 1, collection: "", settings: { a: () => 1 }, tenantt: "x" };
    const attempt = () => Reflect.apply(createCachedRetriever, undefined, [inner, wrong]);
    expect(() => Reflect.apply(createCachedRetriever, undefined, [undefined, wrong])).toThrow(
      /retriever: expected a Retriever, .* got undefined/,
    );
    expect(attempt).toThrow(ConfigurationError);
    expect(attempt).toThrow(/cache: .*store: .*collection: .*settings.*tenantt/s);
  });
});
