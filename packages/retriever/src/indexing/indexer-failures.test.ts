import { BinnacleError, ConfigurationError, type Manifest, type Write } from "@binnacle/core";
import { FakeEmbedder } from "@binnacle/core/testing";
import { expect, test } from "vitest";
import { z } from "zod";
import { MemoryManifest } from "../manifests/memory/index.ts";
import { MemoryStore } from "../stores/memory/index.ts";
import { createIndexer } from "./create-indexer.ts";
import { defineIndex, type Index } from "./options/define-index.ts";
import { defaultScope } from "./fixtures/editable-source.ts";
import { observedManifest } from "./fixtures/observed-manifest.ts";
import { observedStore } from "./fixtures/observed-store.ts";
import { paragraphChunker } from "./fixtures/paragraph-chunker.ts";
import { setUp } from "./fixtures/set-up.ts";
import { SyncError } from "./report/sync-error.ts";
import { verifyIndex } from "./verify-index.ts";

test("reports the error of one document, keeps its old points, and indexes the others", async () => {
  const { indexer, source, points } = setUp({ embedding: { maxCharacters: 20 } });
  source.put("good", "short");
  source.put("bad", "short too");
  await indexer.sync(source);
  source.put("good", "short and new");
  source.put("bad", "this paragraph is far too long for the model");
  const report = await indexer.sync(source);
  expect(report).toMatchObject({ documents: { changed: 1, failed: 1 } });
  expect(report.failures).toMatchObject([{ documentId: "bad", code: "input_too_long" }]);
  expect(report.failures[0]?.message).toContain("give the chunker a lower limit");
  const texts = [];
  for await (const { chunk } of points().scan()) texts.push(chunk.text);
  expect(texts.sort()).toEqual(["short and new", "short too"]);
});

test("fails only the document with a source's error, metadata that the schema refuses or metadata that is no JSON", async () => {
  const schema = z.object({ year: z.int() });
  const index = defineIndex({
    name: "handbook",
    chunker: paragraphChunker,
    embedder: new FakeEmbedder(),
    schema,
  });
  const indexer = createIndexer({ store: new MemoryStore(), index });
  const { source } = setUp();
  source.put("fine", "one", { year: 2026 });
  source.put("refused", "two", { year: "MMXXVI" });
  const failing = {
    id: "handbook",
    async *changes() {
      yield* source.changes({ follow: false });
      const load = (): Promise<never> => Promise.reject(new Error("disk on fire"));
      yield { type: "upsert" as const, documentId: "burnt", scope: "all", version: "1", load };
    },
  };
  const report = await indexer.sync(failing);
  expect(report).toMatchObject({ documents: { added: 1, failed: 2 } });
  expect(report.failures).toMatchObject([
    { documentId: "refused", code: "invalid_metadata", message: expect.stringContaining("year: ") },
    { documentId: "burnt", code: "unexpected_error", message: "disk on fire" },
  ]);
  const dated = await indexer.upsert([
    { id: "dated", text: "x", mediaType: "text/plain", metadata: JSON.parse('{"year":2026}') },
  ]);
  expect(dated.documents).toMatchObject({ added: 1, failed: 0 });
});

test("keeps and reports an unreadable document, also in the next listing", async () => {
  const { indexer, source, points } = setUp();
  source.put("a", "one");
  await indexer.sync(source);
  source.documents.set("a", {
    paragraphs: [],
    metadata: {},
    version: "2",
    scope: defaultScope,
    isUnreadable: true,
  });
  for (let round = 0; round < 2; round++) {
    const report = await indexer.sync(source);
    expect(report).toMatchObject({
      documents: { removed: 0, failed: 1 },
      failures: [{ code: "unreadable" }],
      summary: "+0 ~0 -0 documents, 0 embeddings, 1 failure",
    });
  }
  expect(await points().count()).toBe(1);
});

test("refuses a listing that would remove more than half, and more than ten, unless that is allowed", async () => {
  const { indexer, source, points } = setUp();
  for (let number = 0; number < 24; number++) source.put(`${number}`, `text ${number}`);
  await indexer.sync(source);
  for (let number = 0; number < 13; number++) source.documents.delete(`${number}`);
  source.put("new", "but what is new comes in");
  const asked = { code: "mass_delete_refused", massDelete: { documents: 13, known: 24 } };
  expect((await indexer.plan(source)).incomplete).toMatchObject([asked]);
  const refusal = await indexer.sync(source).catch((error: unknown) => error);
  if (!SyncError.isInstance(refusal)) throw new Error("expected a SyncError");
  expect(refusal).toMatchObject({
    code: "mass_delete_refused",
    report: { documents: { added: 1, removed: 0 }, incomplete: [asked] },
  });
  expect(refusal.message).toContain("13 of its 24 documents");
  expect(await points().count()).toBe(25);
  const report = await indexer.sync(source, { allowMassDelete: true });
  expect(report.documents).toMatchObject({ removed: 13, unchanged: 12 });
});

test("guards against mass deletion after a lost manifest", async () => {
  const { indexer, index, store, source, points } = setUp();
  for (let number = 0; number < 24; number++) source.put(`${number}`, `text ${number}`);
  await indexer.sync(source);
  for (let number = 0; number < 13; number++) source.documents.delete(`${number}`);
  const forgetful = createIndexer({
    store,
    index,
    manifest: new MemoryManifest({ now: () => Date.now() + 1e6 }),
  });
  await expect(forgetful.sync(source)).rejects.toMatchObject({ code: "mass_delete_refused" });
  expect(await points().count()).toBe(24);
});

test("refuses another model before anything is written, and the message names the way out (T19)", async () => {
  const { indexer, store, manifest, source, writes } = setUp();
  source.put("a", "one");
  await indexer.sync(source);
  writes.length = 0;
  const embedder = new FakeEmbedder({ spaceId: "other-model" });
  const index = defineIndex({ name: "handbook", chunker: paragraphChunker, embedder });
  const other = createIndexer({ store, index, manifest });
  const runs = [
    () => other.sync(source),
    () => other.plan(source),
    () => verifyIndex({ store, index, source }),
  ];
  for (const run of runs) {
    const error = await run().catch((reason: unknown) => reason);
    if (!ConfigurationError.isInstance(error)) throw new Error("expected a ConfigurationError");
    expect(error.code).toBe("collection_mismatch");
    expect(error.message).toMatch(/"fake".*|fake.*other-model.*another name/s);
  }
  expect([writes.length, embedder.calls]).toEqual([0, 0]);
});

test("stops with the error of an embedder that fails completely, and the next sync continues", async () => {
  let isDown = false;
  const onEmbed = (): void => {
    if (isDown) throw new BinnacleError("unreachable", "the server is down", { retryable: true });
  };
  const { indexer, source } = setUp({ embedding: { onEmbed } });
  source.put("a", "one");
  await indexer.sync(source);
  isDown = true;
  source.put("b", "two");
  await expect(indexer.sync(source)).rejects.toMatchObject({
    name: "SyncError",
    code: "unreachable",
    retryable: true,
  });
  isDown = false;
  expect(await indexer.sync(source)).toMatchObject({ documents: { added: 1, unchanged: 1 }, embeddings: 1 });
});

test("rejects with the signal's reason on an abort, and releases the lease", async () => {
  const controller = new AbortController();
  const { indexer, source } = setUp({ embedding: { onEmbed: () => controller.abort("enough") } });
  source.put("a", "one");
  await expect(indexer.sync(source, { signal: controller.signal })).rejects.toBe("enough");
  await expect(indexer.sync(source, { signal: controller.signal })).rejects.toBe("enough");
});

test("refuses a misspelt option of a call", async () => {
  const { indexer, source } = setUp();
  const misspelt: object = { allowMassDeletes: true };
  await expect(indexer.sync(source, misspelt)).rejects.toThrow(/sync: .*allowMassDeletes/);
  await expect(indexer.remove([], { sourceId: "" })).rejects.toThrow(/remove: sourceId/);
});

test("options that cannot work are refused with every issue", () => {
  const chunker = paragraphChunker;
  expect(() => defineIndex({ name: "../up", chunker })).toThrow(
    /name: .*embedder, a sparse encoder or both/s,
  );
  const index: Index = defineIndex({ name: "x", chunker, embedder: new FakeEmbedder() });
  const store = observedStore(new MemoryStore(), {});
  expect(() => createIndexer({ store, index })).toThrow(/manifest: .*pass one/);
  expect(() => createIndexer({ store, index, manifest: new MemoryManifest(), leaseWaitMs: -1 })).toThrow(
    /leaseWaitMs/,
  );
});
test("keeps all old points of a document that the store refuses", async () => {
  const embedder = new FakeEmbedder();
  const index = defineIndex({
    name: "handbook",
    chunker: paragraphChunker,
    embedder,
    fields: { year: "integer" },
  });
  const { indexer, source, points } = setUp({ index });
  source.put("a", "one\n\ntwo", { year: 2026 });
  await indexer.sync(source);
  source.put("a", "three", JSON.parse('{"year":"MMXXVI"}'));
  const report = await indexer.sync(source);
  expect(report).toMatchObject({
    documents: { failed: 1 },
    failures: [{ documentId: "a", code: "invalid_metadata" }],
  });
  expect(await points().count()).toBe(2);
  source.put("a", "three", { year: 2026 });
  expect(await indexer.sync(source)).toMatchObject({ documents: { changed: 1 }, pointsDeleted: 1 });
});

test("reports the failure of a run even if its session cannot be closed, and fails if only the close fails", async () => {
  const { source } = setUp();
  source.put("a", "text");
  const broken = new BinnacleError("disk", "the session cannot be closed");
  const manifest = (): Manifest =>
    observedManifest(new MemoryManifest(), {
      before: (method) => {
        if (method === "manifest.close") throw broken;
      },
    });
  const embedder = new FakeEmbedder({
    onEmbed: () => {
      throw new BinnacleError("server_error", "the model is gone", { retryable: false });
    },
  });
  const failing = defineIndex({ name: "handbook", chunker: paragraphChunker, embedder });
  const store = new MemoryStore();
  const run = createIndexer({ store, index: failing, manifest: manifest() }).sync(source);
  await expect(run).rejects.toThrow("the model is gone");
  const fine = defineIndex({ name: "other", chunker: paragraphChunker, embedder: new FakeEmbedder() });
  await expect(createIndexer({ store, index: fine, manifest: manifest() }).sync(source)).rejects.toThrow(
    broken.message,
  );
});

test("does not finish a removal that the store refused after a lost manifest when a listing fails (T49)", async () => {
  const { index, memory, source, points } = setUp();
  for (const id of ["a", "b", "c"]) source.put(id, id);
  await createIndexer({ store: memory, index, manifest: new MemoryManifest() }).sync(source);
  const { documents } = source;
  const c = documents.get("c");
  documents.delete("c");
  let isRefusing = true;
  const refuse = ({ type }: Write): BinnacleError | undefined =>
    isRefusing && type === "delete" ? new BinnacleError("unavailable", "the shard is down") : undefined;
  const store = observedStore(memory, { refuse });
  // Later than the one that is lost, so that its token is the higher one.
  const manifest = new MemoryManifest({ now: () => Date.now() + 1e6 });
  const indexer = createIndexer({ store, index, manifest });
  await indexer.sync(source);
  isRefusing = false;
  if (c !== undefined) documents.set("c", c);
  source.breaksOff = true;
  expect(await indexer.sync(source)).toMatchObject({ documents: { removed: 0 } });
  expect(await points().count()).toBe(3);
  source.breaksOff = false;
  expect(await indexer.sync(source)).toMatchObject({ embeddings: 0, documents: { removed: 0 } });
});
