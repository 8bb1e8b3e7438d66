import { ConfigurationError, type Collection, type Upsert } from "@binnacle/core";
import { vectorStoreContract } from "@binnacle/core/testing";
import { describe, expect, onTestFinished, test, vi } from "vitest";
import { CollectionIndex } from "../shared/collection-index.ts";
import { MemoryStore } from "./memory-store.ts";

const contract = vectorStoreContract(async () => new MemoryStore(), {
  reopen: async () => new MemoryStore(),
});
for (const check of contract) test(check.name, check.run);

function point(n: number, text: string): Upsert {
  return {
    type: "upsert",
    id: `00000000-0000-4000-8000-${String(n).padStart(12, "0")}`,
    chunk: {
      sourceId: "source",
      documentId: "document",
      slot: n,
      index: n,
      start: 0,
      end: text.length,
      text,
      context: "",
      tokens: 1,
      path: [],
      contentHash: "hash",
      spaceId: "space",
      documentVersion: "1",
      mediaType: "text/plain",
    },
    metadata: {},
    dense: Float32Array.of(1, n),
  };
}

test("describes its capabilities", async () => {
  expect(await new MemoryStore().capabilities()).toEqual({
    durability: "none",
    fences: "enforced",
    metrics: ["cosine", "dot", "euclid"],
    maxDimensions: 65_536,
    sparse: true,
    idfScopes: ["tenant"],
    sparseStatistics: "exact",
    search: "exact",
    tieBreak: "id",
    epochs: true,
    features: ["dbsf", "boost", "mmr", "effort", "like", "discover", "orderBy", "groups", "facet"],
  });
});

test("refuses points that do not fit when it is full, keeps the others, and accepts more after a delete", async () => {
  const store = new MemoryStore({ maxBytes: 100_000 });
  const spec = { name: "small", dense: { spaceId: "space", dimensions: 2 } };
  await store.ensureCollection(spec);
  const collection = store.collection("small");
  const text = "x".repeat(15_000);
  const { failures } = await collection.write([
    point(1, text),
    point(2, text),
    point(3, text),
    point(4, text),
    point(5, "y"),
  ]);
  expect([...failures].map(([position, { code }]) => [position, code])).toEqual([[3, "store_full"]]);
  expect(await collection.count()).toBe(4);

  const grown = await collection.write([{ type: "patch", id: point(5, "").id, chunk: { text } }]);
  expect(grown.failures.get(0)?.code).toBe("store_full");
  await collection.write([
    { type: "delete", id: point(1, "").id },
    { type: "patch", id: point(2, "").id, chunk: { text: "" } },
  ]);
  expect((await collection.write([point(4, text), point(6, text)])).failures.size).toBe(0);

  await store.deleteCollection("small");
  await store.ensureCollection(spec);
  const again = await collection.write([1, 2, 3].map((n) => point(n, text)));
  expect(again.failures.size).toBe(0);
  await store.close();
});

test("closes its manifest with the store", async () => {
  const store = new MemoryStore();
  await store.close();
  await expect(
    store.manifest.open({ sourceId: "s", collection: "c", incarnation: "i" }),
  ).rejects.toMatchObject({
    code: "closed",
  });
});

test("refuses unknown options", () => {
  expect(() => new MemoryStore(JSON.parse('{"maxByte": 5}'))).toThrow(ConfigurationError);
  expect(() => new MemoryStore({ maxBytes: 0 })).toThrow(/maxBytes/);
});

test("lets timers and sockets run during a long scan", async () => {
  const store = new MemoryStore();
  await store.ensureCollection({ name: "long", dense: { spaceId: "space", dimensions: 2 } });
  const collection = store.collection("long");
  await collection.write(Array.from({ length: 2000 }, (_, n) => point(n, "text")));
  let turns = 0;
  setImmediate(() => (turns += 1));
  let read = 0;
  let readBeforeTurn: number | undefined;
  for await (const _ of collection.scan()) {
    read += 1;
    if (turns > 0) readBeforeTurn ??= read;
  }
  expect(read).toBe(2000);
  expect(readBeforeTurn).toBeLessThan(2000);
  await store.close();
});

test("keeps the vectors in place for a patch", async () => {
  const store = new MemoryStore();
  await store.ensureCollection({ name: "patched", dense: { spaceId: "space", dimensions: 2 } });
  const collection = store.collection("patched");
  await collection.write([point(1, "text")]);
  const copied = vi.spyOn(CollectionIndex.prototype, "dense");
  onTestFinished(() => copied.mockRestore());
  await collection.write([{ type: "patch", id: point(1, "").id, chunk: { text: "new" } }]);
  expect(copied).not.toHaveBeenCalled();
  await store.close();
});

describe("a search of many points", () => {
  const dimensions = 512;
  const many = async (): Promise<Collection> => {
    const store = new MemoryStore();
    await store.ensureCollection({ name: "many", dense: { spaceId: "space", dimensions, metric: "dot" } });
    const collection = store.collection("many");
    const points = Array.from({ length: 20_000 }, (_, n) => ({
      ...point(n, ""),
      dense: new Float32Array(dimensions).fill(n + 1),
    }));
    await collection.write(points);
    return collection;
  };

  test("lets other work run, sees a write that comes in between, and rejects on an abort in between", async () => {
    const collection = await many();
    const query = { legs: [{ dense: new Float32Array(dimensions).fill(1) }], limit: 1 } as const;
    const turns: string[] = [];
    setImmediate(() => turns.push("other work"));
    const [first] = await collection.search(query).finally(() => turns.push("search"));
    expect(turns).toEqual(["other work", "search"]);
    expect(first?.id).toBe(point(19_999, "").id);

    const searching = collection.search(query);
    await collection.write([{ type: "delete", id: point(19_999, "").id }]);
    expect((await searching)[0]?.id).toBe(point(19_998, "").id);

    const controller = new AbortController();
    const aborted = collection.search(query, { signal: controller.signal });
    controller.abort("enough");
    await expect(aborted).rejects.toBe("enough");
  });
});
