import { describe, expect, test } from "vitest";
import { MemoryStore } from "../stores/memory/index.ts";
import { createIndexer } from "./create-indexer.ts";
import { defineIndex } from "./options/define-index.ts";
import { FakeEmbedder } from "@binnacle/core/testing";
import { EditableSource } from "./fixtures/editable-source.ts";
import { paragraphChunker } from "./fixtures/paragraph-chunker.ts";
import { verifyIndex } from "./verify-index.ts";

/** An index whose name is an alias of "first", beside an empty collection "second". */
async function aliased() {
  const store = new MemoryStore();
  const embedder = new FakeEmbedder();
  const index = defineIndex({ name: "live", chunker: paragraphChunker, embedder });
  const dense = { spaceId: "fake", dimensions: 64 };
  for (const name of ["first", "second"]) await store.ensureCollection({ name, dense });
  await store.aliases.set({ name: "live", collection: "first" });
  const source = new EditableSource();
  source.put("a", "one");
  source.put("b", "two");
  const counts = async (): Promise<readonly number[]> =>
    Promise.all(["first", "second"].map((name) => store.collection(name).count()));
  return {
    store,
    embedder,
    index,
    source,
    counts,
    indexer: createIndexer({ store, index, leaseWaitMs: 2_000 }),
  };
}

describe("an index whose name is an alias", () => {
  test("keeps its record under the target's name", async () => {
    const { store, index, source, indexer } = await aliased();
    await indexer.sync(source);
    const byName = createIndexer({ store, index: defineIndex({ ...index, name: "first" }) });
    expect(await byName.sync(source)).toMatchObject({ documents: { unchanged: 2 }, pointsWritten: 0 });
    expect(await verifyIndex({ store, index, source, manifest: store.manifest })).toMatchObject({ ok: true });
  });

  test("fills the new target after a switch, and finds the old target settled after a switch back", async () => {
    const { store, source, indexer, counts } = await aliased();
    await indexer.sync(source);
    await store.aliases.set({ name: "live", collection: "second" });
    expect(await indexer.sync(source)).toMatchObject({ documents: { added: 2 } });
    expect(await counts()).toEqual([2, 2]);
    await store.aliases.set({ name: "live", collection: "first" });
    expect(await indexer.sync(source)).toMatchObject({ documents: { unchanged: 2 }, pointsWritten: 0 });
  });

  test("stays in one collection while the alias is switched during a run", async () => {
    const { store, source, indexer, counts } = await aliased();
    const load = source.load.bind(source);
    source.load = (id) => {
      void store.aliases.set({ name: "live", collection: "second" });
      return load(id);
    };
    await indexer.sync(source);
    expect(await counts()).toEqual([2, 0]);
  });

  test("writes to the new target if the alias was switched while the run waited for its lease", async () => {
    const { store, source, indexer, counts } = await aliased();
    const incarnation = (await store.describeCollection("first"))?.incarnation ?? "";
    const held = await store.manifest.open({ sourceId: source.id, collection: "first", incarnation });
    const run = indexer.sync(source);
    await new Promise((resolve) => setTimeout(resolve, 20));
    await store.aliases.set({ name: "live", collection: "second" });
    await held.close();
    await run;
    expect(await counts()).toEqual([0, 2]);
  });
});
