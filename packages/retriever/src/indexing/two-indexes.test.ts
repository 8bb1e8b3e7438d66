import { expect, test } from "vitest";
import { createIndexer } from "./create-indexer.ts";
import { defineIndex } from "./options/define-index.ts";
import { setUp } from "./fixtures/set-up.ts";
import { verifyIndex } from "./verify-index.ts";

test("keeps the records of two indexes over one source, so that neither reads documents again", async () => {
  const { indexer, index, store, manifest, source } = setUp();
  const next = defineIndex({ ...index, name: "handbook-2" });
  const other = createIndexer({ store, manifest, index: next, leaseWaitMs: 0 });
  source.put("a", "one");
  source.put("b", "two");
  await indexer.sync(source);
  await other.sync(source);
  source.loads = 0;
  for (const each of [indexer, other, indexer]) {
    expect(await each.sync(source)).toMatchObject({ documents: { unchanged: 2 }, pointsWritten: 0 });
  }
  expect(source.loads).toBe(0);
  for (const each of [index, next])
    expect(await verifyIndex({ store, index: each, source, manifest })).toMatchObject({ ok: true });
});

test("syncs two indexes over one source at the same time", async () => {
  const { indexer, index, store, manifest, source } = setUp();
  const other = createIndexer({
    store,
    manifest,
    index: defineIndex({ ...index, name: "handbook-2" }),
    leaseWaitMs: 0,
  });
  source.put("a", "one");
  const reports = await Promise.all([indexer.sync(source), other.sync(source)]);
  expect(reports.map(({ documents }) => documents.added)).toEqual([1, 1]);
});

test("leaves the record of a deleted collection unchanged during a plan and a verification of its successor", async () => {
  const { indexer, index, store, manifest, memory, source } = setUp();
  source.put("a", "one");
  await indexer.sync(source);
  const info = await memory.describeCollection(index.name);
  await memory.deleteCollection(index.name);
  const { incarnation: _, ...spec } = info ?? { name: index.name, incarnation: "" };
  await memory.ensureCollection(spec);
  expect(await indexer.plan(source)).toMatchObject({ documents: { added: 1 } });
  await verifyIndex({ store, index, source, manifest });
  const before = await manifest.open({
    sourceId: source.id,
    collection: index.name,
    incarnation: info?.incarnation ?? "",
  });
  expect(before.isNew).toBe(false);
  await before.close();
});
