import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { FakeEmbedder } from "@binnacle/core/testing";
import { expect, test } from "vitest";
import type { Metadata } from "@binnacle/core";
import { fromDocuments } from "../sources/documents/index.ts";
import { z } from "zod";
import { MemoryManifest } from "../manifests/memory/index.ts";
import { MemoryStore } from "../stores/memory/index.ts";
import { createBm25Encoder } from "../sparse/index.ts";
import { SqliteStore } from "../stores/sqlite/index.ts";
import { createIndexer } from "./create-indexer.ts";
import { defineIndex } from "./options/define-index.ts";
import { defaultScope } from "./fixtures/editable-source.ts";
import { observedStore } from "./fixtures/observed-store.ts";
import { paragraphChunker } from "./fixtures/paragraph-chunker.ts";
import { setUp } from "./fixtures/set-up.ts";
import { verifyIndex } from "./verify-index.ts";

test("needs no embedding, no write and no load for a second sync of an unchanged source (T48)", async () => {
  const { indexer, embedder, writes, source } = setUp();
  source.put("a", "# one\n\ntwo two\n\nthree three");
  expect((await indexer.sync(source)).summary).toBe("+1 ~0 -0 documents, 3 embeddings, 0 failures");
  const counts = [embedder.calls, embedder.embedded.length, writes.length, source.loads];
  const report = await indexer.sync(source);
  expect(report).toMatchObject({ documents: { unchanged: 1 }, chunks: { unchanged: 3 }, embeddings: 0 });
  expect([embedder.calls, embedder.embedded.length, writes.length, source.loads]).toEqual(counts);
});

test("never deletes or embeds 250 unchanged chunks of a source again, and the count never dips (T48, D1)", async () => {
  const { embedder, memory, index, manifest, source } = setUp();
  const counts: number[] = [];
  const count = async (): Promise<void> => {
    if ((await memory.describeCollection("handbook")) === undefined) return;
    counts.push(await memory.collection("handbook").count());
  };
  const indexer = createIndexer({ store: observedStore(memory, { after: count }), index, manifest });
  const paragraphs = Array.from({ length: 250 }, (_, number) => `paragraph number ${number}`);
  source.put("long", paragraphs.join("\n\n"));
  await indexer.sync(source);
  counts.length = 0;
  source.put("long", paragraphs.with(100, "another paragraph").join("\n\n"));
  const report = await indexer.sync(source);
  expect(report).toMatchObject({ embeddings: 1, pointsDeleted: 0, chunks: { added: 1, removed: 1 } });
  expect(Math.min(...counts)).toBe(250);
  expect(embedder.embedded).toHaveLength(251);
});

test("writes a change deep in the metadata as a patch, without embedding (T48, D2)", async () => {
  const { indexer, embedder, writes, points, source } = setUp();
  source.put("a", "one\n\ntwo", { acl: { role: "admin", groups: [{ name: "ops" }] } });
  await indexer.sync(source);
  writes.length = 0;
  source.put("a", "one\n\ntwo", { acl: { role: "admin", groups: [{ name: "all" }] } });
  const report = await indexer.sync(source);
  expect(report).toMatchObject({ documents: { changed: 1 }, chunks: { moved: 2 }, embeddings: 0 });
  expect(writes.map(({ type }) => type)).toEqual(["patch", "patch"]);
  expect(embedder.embedded).toHaveLength(2);
  for await (const { metadata } of points().scan()) {
    expect(metadata).toEqual({ acl: { role: "admin", groups: [{ name: "all" }] } });
  }
});

test("stores 1,000 points for 1,000 documents, also the second time (T49, D6, D7)", async () => {
  const { indexer, points, source } = setUp();
  for (let number = 0; number < 1000; number++) source.put(`${number}`, `text ${number}`);
  expect(await indexer.sync(source)).toMatchObject({ documents: { added: 1000 }, pointsWritten: 1000 });
  expect(await points().count()).toBe(1000);
  const again = await indexer.sync(source);
  expect(again).toMatchObject({ documents: { unchanged: 1000 }, pointsWritten: 0 });
  expect(await points().count()).toBe(1000);
});

test("sends the model 300 of 1,000 texts if 300 are distinct", async () => {
  const { indexer, embedder, source } = setUp({ maxBatchBytes: 1000 });
  for (let number = 0; number < 1000; number++) source.put(`${number}`, `text ${number % 300}`);
  expect(await indexer.sync(source)).toMatchObject({ embeddings: 300, pointsWritten: 1000 });
  expect(new Set(embedder.embedded).size).toBe(embedder.embedded.length);
});

test("needs no embedding for a renamed or copied document or a moved paragraph (T48)", async () => {
  const { indexer, embedder, source, points } = setUp({ allowMassDelete: true });
  source.put("old/name.md", "one\n\ntwo\n\nthree");
  await indexer.sync(source);
  source.documents.delete("old/name.md");
  source.put("new/name.md", "one\n\nthree\n\ntwo");
  source.put("copy.md", "one\n\ntwo\n\nthree");
  const report = await indexer.sync(source);
  expect(report).toMatchObject({ documents: { added: 2, removed: 1 }, embeddings: 0, pointsDeleted: 3 });
  expect(embedder.embedded).toHaveLength(3);
  expect(await points().count()).toBe(6);
});

test("reads but does not write a document that was touched without a change (T48)", async () => {
  const { indexer, writes, source } = setUp();
  source.put("a", "one");
  await indexer.sync(source);
  source.documents.set("a", { paragraphs: ["one"], metadata: {}, version: "touched", scope: defaultScope });
  writes.length = 0;
  expect(await indexer.sync(source)).toMatchObject({ documents: { unchanged: 1 } });
  expect([writes.length, source.loads]).toEqual([0, 2]);
  await indexer.sync(source);
  expect(source.loads).toBe(2);
});

test("adopts an index after its manifest was lost, without embedding and without a write (T48)", async () => {
  const { indexer, index, store, embedder, source, writes } = setUp();
  source.put("a", "# one\n\ntwo", { deep: { er: 1 } }, "Title");
  source.put("b", "three");
  await indexer.sync(source);
  writes.length = 0;
  const forgetful = createIndexer({
    store,
    index,
    manifest: new MemoryManifest({ now: () => Date.now() + 1e6 }),
  });
  const report = await forgetful.sync(source);
  expect(report).toMatchObject({ documents: { unchanged: 2 }, embeddings: 0, pointsWritten: 0 });
  expect([writes.length, embedder.embedded.length]).toEqual([0, 3]);
});

test("embeds, writes, records and creates nothing for a plan, which equals the report of the next sync", async () => {
  const { indexer, embedder, memory, writes, source } = setUp();
  source.put("a", "one\n\ntwo\n\none");
  source.put("b", "two");
  const plan = await indexer.plan(source);
  expect(plan.summary).toBe("+2 ~0 -0 documents, 2 embeddings, 0 failures");
  expect([embedder.calls, writes.length, await memory.listCollections()]).toEqual([0, 0, []]);
  expect(await indexer.sync(source)).toEqual({ ...plan, durationMs: expect.any(Number) });
});

test("embeds only the chunks that another chunker cuts differently", async () => {
  const { indexer, store, manifest, embedder, source } = setUp();
  source.put("a", "one\n\ntwo");
  await indexer.sync(source);
  const chunker = { ...paragraphChunker, id: "paragraphs-2" };
  const index = defineIndex({ name: "handbook", chunker, embedder });
  const report = await createIndexer({ store, index, manifest }).sync(source);
  expect(report).toMatchObject({ embeddings: 0, pointsWritten: 0 });
  expect(source.loads).toBe(2);
});

test("inserts, updates and removes pushed documents by id, beside a synced source (T49)", async () => {
  const { indexer, source, points } = setUp();
  source.put("a", "synced");
  await indexer.sync(source);
  const document = (id: string, text: string, metadata: Metadata = {}) => ({
    id,
    text,
    mediaType: "text/plain",
    metadata,
  });
  expect(await indexer.upsert([document("a", "pushed"), document("b", "two")])).toMatchObject({
    documents: { added: 2 },
  });
  expect(await indexer.upsert([document("a", "pushed"), document("b", "three")])).toMatchObject({
    documents: { changed: 1, unchanged: 1 },
    embeddings: 1,
  });
  expect(await indexer.remove(["b", "nobody"])).toMatchObject({
    documents: { removed: 1 },
    pointsDeleted: 1,
  });
  expect(await indexer.sync(source)).toMatchObject({ documents: { unchanged: 1, removed: 0 } });
  expect(await points().count()).toBe(2);
});

test("removes all documents of a source that is gone, also after a lost manifest, and leaves a second source alone (T49)", async () => {
  const { embedder, memory, index, manifest, source } = setUp();
  const indexer = createIndexer({ store: memory, index, manifest });
  for (let n = 0; n < 300; n++) source.put(`listed ${n}`, `text number ${n}`);
  await indexer.sync(source);
  await indexer.upsert([{ id: "pushed", text: "kept", mediaType: "text/plain", metadata: {} }]);
  const withoutManifest = createIndexer({ store: memory, index, manifest: new MemoryManifest() });
  const embedded = embedder.embedded.length;
  const report = await withoutManifest.removeSource(source.id);
  expect(report).toMatchObject({
    documents: { removed: 300, failed: 0 },
    pointsDeleted: 300,
    pointsWritten: 0,
  });
  expect(embedder.embedded).toHaveLength(embedded);
  expect(await memory.collection("handbook").count()).toBe(1);
  expect(await withoutManifest.removeSource(source.id)).toMatchObject({ documents: { removed: 0 } });
  expect(await indexer.sync(source)).toMatchObject({ chunks: { added: 300 }, documents: { failed: 0 } });
  expect(await verifyIndex({ store: memory, index, source, manifest })).toMatchObject({ ok: true });
});

test("keeps tenants from reading and changing each other's documents (Q61)", async () => {
  const store = new MemoryStore();
  const chunker = paragraphChunker;
  const index = defineIndex({ name: "shared", chunker, embedder: new FakeEmbedder(), tenancy: "required" });
  const { source } = setUp();
  source.put("a", "one");
  for (const tenant of ["north", "south"]) {
    expect(await createIndexer({ store, index, tenant }).sync(source)).toMatchObject({
      documents: { added: 1 },
    });
  }
  source.documents.clear();
  await createIndexer({ store, index, tenant: "north" }).sync(source);
  expect(await store.collection("shared", { tenant: "south" }).count()).toBe(1);
  await expect(createIndexer({ store, index }).sync(source)).rejects.toMatchObject({
    code: "tenant_required",
  });
});

test("applies a changed schema with recheck, without embedding", async () => {
  const { store, manifest, embedder, source, points, indexer } = setUp();
  source.put("a", "one", { year: "2026" });
  await indexer.sync(source);
  const schema = z.object({ year: z.coerce.number() });
  const index = defineIndex({ name: "handbook", chunker: paragraphChunker, embedder, schema });
  const stricter = createIndexer({ store, index, manifest });
  expect(await stricter.sync(source)).toMatchObject({ documents: { unchanged: 1 } });
  expect(await stricter.sync(source, { recheck: true })).toMatchObject({
    documents: { changed: 1 },
    embeddings: 0,
  });
  for await (const { metadata } of points().scan()) expect(metadata).toEqual({ year: 2026 });
});

test("only adds and replaces documents of an incomplete source", async () => {
  const { indexer, points } = setUp();
  const document = (id: string) => ({ id, text: id, mediaType: "text/plain", metadata: {} });
  await indexer.sync(fromDocuments([document("a"), document("b")], { id: "app", complete: false }));
  await indexer.sync(fromDocuments([document("c")], { id: "app", complete: false }));
  expect(await points().count()).toBe(3);
});

test("uses the manifest of the embedded store, and needs no embedder for a lexical index (T48)", async () => {
  const folder = await mkdtemp(join(tmpdir(), "binnacle-indexing-"));
  const path = join(folder, "handbook.sqlite");
  const index = defineIndex({ name: "handbook", chunker: paragraphChunker, sparse: createBm25Encoder() });
  const { source } = setUp();
  source.put("a", "# one\n\ntwo", { deep: { er: [1, { x: null }] } }, "Title");
  source.put("b", "three");
  try {
    for (const [added, unchanged] of [
      [2, 0],
      [0, 2],
    ]) {
      const store = new SqliteStore({ path });
      const report = await createIndexer({ store, index }).sync(source);
      expect(report).toMatchObject({ documents: { added, unchanged }, embeddings: 0, pointsDeleted: 0 });
      expect(report.pointsWritten).toBe(added === 2 ? 3 : 0);
      const { manifest } = store;
      expect(await verifyIndex({ store, index, source, manifest })).toMatchObject({ ok: true, points: 3 });
      await store.close();
    }
    expect(source.loads).toBe(6);
  } finally {
    await rm(folder, { recursive: true });
  }
});
