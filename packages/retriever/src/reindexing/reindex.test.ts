import { describe, expect, test } from "vitest";
import { UnsupportedError } from "@binnacle/core";
import { FakeEmbedder, type FakeEmbedderOptions } from "@binnacle/core/testing";
import { createIndexer } from "../indexing/create-indexer.ts";
import { EditableSource } from "../indexing/fixtures/editable-source.ts";
import { paragraphChunker } from "../indexing/fixtures/paragraph-chunker.ts";
import { defineIndex } from "../indexing/options/define-index.ts";
import { createBm25Encoder } from "../sparse/index.ts";
import { MemoryStore } from "../stores/memory/index.ts";
import { delegatedStore } from "../stores/memory/fixtures/delegated.ts";
import { reindex } from "./reindex.ts";

const documents = 300;

/**
 * A collection of 600 points under the alias "handbook", and an index of the same name with another model.
 */
async function handbook(embedding: FakeEmbedderOptions = {}) {
  const store = new MemoryStore();
  const embedder = new FakeEmbedder({ spaceId: "old" });
  const old = defineIndex({ name: "handbook-1", chunker: paragraphChunker, embedder });
  const source = new EditableSource();
  for (let i = 0; i < documents; i++) source.put(`d${i}`, `first ${i}\n\nsecond ${i}`, { number: i });
  await createIndexer({ store, index: old }).sync(source);
  await store.aliases.set({ name: "handbook", collection: "handbook-1" });
  const next = new FakeEmbedder({ spaceId: "new", dimensions: 32, ...embedding });
  const index = defineIndex({ ...old, name: "handbook", embedder: next });
  const live = store.collection("handbook");
  const spaceOf = async (): Promise<string | undefined> =>
    (await store.describeCollection("handbook"))?.dense?.spaceId;
  return { store, old, source, index, next, live, spaceOf };
}

describe("reindex by copying points", () => {
  test("embeds every text anew, keeps ids and metadata, and switches the alias", async () => {
    const { store, index, next, live, spaceOf } = await handbook();
    const before = new Map<string, unknown>();
    for await (const { id, chunk, metadata } of live.scan())
      before.set(id, { ...chunk, spaceId: "new", metadata });
    const phases: string[] = [];
    const report = await reindex({ store, index, onProgress: ({ phase }) => phases.push(phase) });
    expect(report).toMatchObject({ outcome: "switched", from: "handbook-1", points: 600, embeddings: 600 });
    expect([report.into, await spaceOf()]).toEqual([expect.stringMatching(/^handbook-[0-9a-f]{8}$/), "new"]);
    expect([...new Set(phases)]).toEqual(["filling", "checking", "switching"]);
    for await (const { id, chunk, metadata } of live.scan()) {
      expect({ ...chunk, metadata }).toEqual(before.get(id));
      before.delete(id);
    }
    expect([before.size, next.embedded.length]).toEqual([0, 600]);
    expect(await store.collection("handbook-1").count()).toBe(600);
    expect(await reindex({ store, index })).toMatchObject({ outcome: "current", points: 600, embeddings: 0 });
  });

  test("leaves nothing to embed for the next sync through the alias", async () => {
    const { store, source, index } = await handbook();
    await reindex({ store, index });
    source.put("d1", "first 1\n\nanother", { number: 1 });
    const report = await createIndexer({ store, index }).sync(source);
    expect(report).toMatchObject({ embeddings: 1, pointsWritten: 1, pointsDeleted: 0 });
  });

  test("takes the vectors over if the space stays the same", async () => {
    const { store, old } = await handbook();
    const fields = { number: "integer" } as const;
    const index = defineIndex({ ...old, name: "handbook", sparse: createBm25Encoder(), fields });
    expect(await reindex({ store, index })).toMatchObject({ points: 600, embeddings: 0 });
    expect(await store.collection("handbook").count({ filter: { number: { $lt: 10 } } })).toBe(20);
  });

  test("continues after a failure, and embeds only the missing texts", async () => {
    let calls = 0;
    const failing = {
      onEmbed: () => {
        if (++calls === 6) throw new Error("the model server died");
      },
    };
    const { store, index, next, spaceOf } = await handbook(failing);
    await expect(reindex({ store, index })).rejects.toThrow("the model server died");
    expect(await spaceOf()).toBe("old");
    const { embeddings } = await reindex({ store, index });
    expect(embeddings).toBe(600 - 256);
    expect(next.embedded.length).toBeLessThan(600 + 256);
  });

  test("carries writes over that the old collection gets meanwhile", async () => {
    const { store, old, source, index, live } = await handbook();
    const indexer = createIndexer({ store, index: old });
    let isEdited = false;
    const edit = async (): Promise<void> => {
      source.put("d0", "first 0\n\nedited");
      source.put("d1", "first 1\n\nsecond 1", { number: -1 });
      source.documents.delete("d2");
      source.put("added", "added");
      await indexer.sync(source);
    };
    let editing: Promise<void> | undefined;
    const onProgress = (): void => {
      if (isEdited) return;
      isEdited = true;
      editing = edit();
    };
    await reindex({ store, index, onProgress });
    await editing;
    expect(await live.count()).toBe(599);
    expect(await live.count({ documentId: "d2" })).toBe(0);
    const texts: string[] = [];
    for await (const { chunk } of live.scan({ documentId: "d0" })) texts.push(chunk.text);
    expect(texts.sort()).toEqual(["edited", "first 0"]);
    for await (const { metadata } of live.scan({ documentId: "d1" }))
      expect(metadata).toEqual({ number: -1 });
  });

  test("holds the sources while it switches, so that no indexer writes to the old collection afterwards", async () => {
    const { store, source, index, live } = await handbook();
    const indexer = createIndexer({ store, index });
    let run: Promise<unknown> | undefined;
    const onProgress = ({ phase }: { readonly phase: string }): void => {
      if (phase !== "switching") return;
      source.put("late", "late");
      run = createIndexer({
        store,
        index: defineIndex({ ...index, embedder: new FakeEmbedder({ spaceId: "old" }) }),
      })
        .sync(source)
        .catch((error: unknown) => error);
    };
    await reindex({ store, index, onProgress });
    // Its model is the old one, so it must refuse the new collection instead of writing to the old one.
    expect(await run).toMatchObject({ code: "collection_mismatch" });
    expect(await store.collection("handbook-1").count({ documentId: "late" })).toBe(0);
    await indexer.sync(source);
    expect(await live.count({ documentId: "late" })).toBe(1);
  });

  test("gives up if an indexer holds a source for too long, and keeps the alias", async () => {
    const { store, source, index, spaceOf } = await handbook();
    const incarnation = (await store.describeCollection("handbook-1"))?.incarnation ?? "";
    const held = await store.manifest.open({ sourceId: source.id, collection: "handbook-1", incarnation });
    await expect(reindex({ store, index, leaseWaitMs: 0 })).rejects.toMatchObject({ code: "lease_held" });
    expect(await spaceOf()).toBe("old");
    await held.close();
    expect(await reindex({ store, index })).toMatchObject({ outcome: "switched", embeddings: 0 });
  });

  test("makes no vector of an image from its name: it asks for the sources, and keeps the alias", async () => {
    const store = new MemoryStore();
    const modelOf = (spaceId: string) => new FakeEmbedder({ spaceId, accepts: ["text", "image"] });
    const old = defineIndex({ name: "album-1", chunker: paragraphChunker, embedder: modelOf("old") });
    const media = [{ mediaType: "image/png", data: Uint8Array.of(1) }];
    const picture = { id: "a.png", text: "a", mediaType: "image/png", media, metadata: {} };
    await createIndexer({ store, index: old }).upsert([picture]);
    await store.aliases.set({ name: "album", collection: "album-1" });
    const index = defineIndex({ ...old, name: "album", embedder: modelOf("new") });
    await expect(reindex({ store, index })).rejects.toMatchObject({
      code: "image_not_stored",
      message: expect.stringMatching(/"a\.png".*Pass `sources`/),
    });
    expect((await store.describeCollection("album"))?.name).toBe("album-1");
  });

  test("names the document that cannot be embedded, and keeps the alias", async () => {
    const { store, index, spaceOf } = await handbook({ maxCharacters: 9 });
    await expect(reindex({ store, index })).rejects.toMatchObject({
      code: "input_too_long",
      message: expect.stringContaining('document "d'),
    });
    expect(await spaceOf()).toBe("old");
  });

  test("copies each tenant's points into the same tenant", async () => {
    const store = new MemoryStore();
    const definition = { name: "shared-1", chunker: paragraphChunker, tenancy: "required" } as const;
    const old = defineIndex({ ...definition, embedder: new FakeEmbedder() });
    for (const tenant of ["a", "b"])
      await createIndexer({ store, index: old, tenant }).upsert([
        { id: "x", text: `of ${tenant}`, mediaType: "text/plain", metadata: {} },
      ]);
    const index = defineIndex({ ...old, name: "shared", embedder: new FakeEmbedder({ spaceId: "new" }) });
    await expect(reindex({ store, index, from: "shared-1" })).rejects.toThrow("name every tenant");
    const report = await reindex({ store, index, from: "shared-1", tenants: ["a", "b"] });
    expect(report).toMatchObject({ points: 2, embeddings: 2 });
    for await (const { chunk } of store.collection("shared", { tenant: "b" }).scan())
      expect(chunk.text).toBe("of b");
  });

  test("rejects with the reason of an aborted signal", async () => {
    const { store, index, spaceOf } = await handbook();
    const controller = new AbortController();
    const reason = new Error("enough");
    const onProgress = (): void => controller.abort(reason);
    await expect(reindex({ store, index, onProgress, signal: controller.signal })).rejects.toBe(reason);
    expect(await spaceOf()).toBe("old");
  });
});

describe("reindex from sources", () => {
  const words = defineIndex({
    name: "handbook",
    chunker: {
      ...paragraphChunker,
      id: "whole",
      *chunk({ text, metadata }) {
        yield { index: 0, start: 0, end: text.length, text, context: "", tokens: 4, path: [], metadata };
      },
    },
    embedder: new FakeEmbedder({ spaceId: "new" }),
  });

  test("reads, verifies and switches, also with another chunker", async () => {
    const { store, source, live, spaceOf } = await handbook();
    const report = await reindex({ store, index: words, sources: [{ source }] });
    expect(report).toMatchObject({ outcome: "switched", points: 300, embeddings: 300 });
    expect([await live.count(), await spaceOf()]).toEqual([300, "new"]);
    expect(await createIndexer({ store, index: words }).sync(source)).toMatchObject({ pointsWritten: 0 });
  });

  test("creates the alias if it does not exist", async () => {
    const store = new MemoryStore();
    const source = new EditableSource();
    source.put("a", "one");
    const report = await reindex({ store, index: words, sources: [{ source }], into: "handbook-a" });
    expect(report).toMatchObject({ outcome: "switched", from: undefined, into: "handbook-a", points: 1 });
    expect(await store.aliases.list()).toEqual([{ name: "handbook", collection: "handbook-a" }]);
  });

  test("keeps the alias while the source and the new collection differ", async () => {
    const { store, source, spaceOf } = await handbook();
    const load = source.load.bind(source);
    let loads = 0;
    source.load = (id) => {
      source.put("restless", `version ${++loads}`);
      return load(id);
    };
    await expect(reindex({ store, index: words, sources: [{ source }] })).rejects.toMatchObject({
      code: "reindex_differs",
    });
    expect(await spaceOf()).toBe("old");
  });

  test("refuses to leave the documents of other sources behind", async () => {
    const { store, old, source, spaceOf } = await handbook();
    const pushed = { id: "p", text: "pushed", mediaType: "text/plain", metadata: {} };
    await createIndexer({ store, index: old }).upsert([pushed]);
    await expect(reindex({ store, index: words, sources: [{ source }] })).rejects.toMatchObject({
      code: "sources_missing",
      message: expect.stringContaining("1 points of other sources"),
    });
    expect(await spaceOf()).toBe("old");
  });
});

describe("reindex", () => {
  test("refuses the name of a collection as the alias", async () => {
    const { store, index } = await handbook();
    const taken = defineIndex({ ...index, name: "handbook-1" });
    await expect(reindex({ store, index: taken })).rejects.toMatchObject({ code: "name_taken" });
  });

  test.each([
    [{ into: "handbook" }, "is the alias"],
    [{ into: "handbook-1", from: "other" }, undefined],
    [{ from: "missing" }, 'there is no collection "missing"'],
    [{ from: "x", into: "x" }, "is the old collection"],
    [{ into: "../x" }, "into"],
    [{ sources: [] }, "sources"],
    [{ tenants: ["a"] }, "has no tenants"],
    [{ into: "beside" }, "holds other points"],
    [{ into: "used" }, 'in use by alias "other"'],
  ])("checks %j", async (given, message) => {
    const { store, index, spaceOf } = await handbook();
    for (const name of ["beside", "used"]) {
      await store.ensureCollection({ name, dense: { spaceId: "new", dimensions: 32 } });
      await createIndexer({ store, index: { ...index, name } }).upsert([
        { id: "other", text: "other", mediaType: "text/plain", metadata: {} },
      ]);
    }
    await store.aliases.set({ name: "other", collection: "used" });
    const call = reindex({ store, index, ...given });
    if (message === undefined) return expect(await call).toMatchObject({ outcome: "current" });
    await expect(call).rejects.toThrow(message);
    expect(await spaceOf()).toBe("old");
  });

  test("refuses an alias that does not exist, without sources", async () => {
    const { index } = await handbook();
    await expect(reindex({ store: new MemoryStore(), index })).rejects.toThrow("does not exist yet");
  });

  test("refuses a store without aliases", async () => {
    const { store, index } = await handbook();
    await expect(reindex({ store: delegatedStore(store), index })).rejects.toThrow(UnsupportedError);
  });
});
