import { randomUUID } from "node:crypto";
import type { DocumentSource, StoredPoint, Write } from "@binnacle/core";
import { expect, test } from "vitest";
import { defaultScope } from "./fixtures/editable-source.ts";
import { setUp, type SetUp } from "./fixtures/set-up.ts";
import { verifyIndex, type VerifyIndexOptions } from "./verify-index.ts";

test("finds an index and its manifest equal after a sync", async () => {
  const given = await synced();
  const { manifest } = given;
  const verdict = { ok: true, documents: 2, points: 3, differenceCount: 0, differences: [], unreadable: [] };
  expect(await verify(given, { manifest })).toEqual(verdict);
});

const tampered: [name: string, kind: string, write: (point: StoredPoint) => Write][] = [
  ["a point that is gone", "missing", ({ id }) => ({ type: "delete", id })],
  ["other metadata", "stale", ({ id }) => ({ type: "patch", id, metadata: { acl: { role: "forged" } } })],
  ["other offsets", "stale", ({ id }) => ({ type: "patch", id, chunk: { start: 1 } })],
  ["another title", "stale", ({ id }) => ({ type: "patch", id, chunk: { title: "Forged" } })],
  [
    "another text under the old hash",
    "stale",
    ({ id }) => ({ type: "patch", id, chunk: { text: "forged" } }),
  ],
  [
    "a point too many",
    "orphaned",
    ({ version: _, ...point }) => ({ ...point, type: "upsert", id: randomUUID() }),
  ],
];

for (const [name, kind, write] of tampered) {
  test(`${name} is found, and mended by the next sync`, async () => {
    const given = await synced();
    const [first] = await pointsOf(given);
    if (first === undefined) throw new Error("no point");
    await given.points().write([write(first)]);
    const verdict = await verify(given);
    expect(verdict.ok).toBe(false);
    expect(verdict.differences).toContainEqual({
      documentId: first.chunk.documentId,
      kind,
      message: expect.any(String),
    });
    await given.indexer.sync(given.source);
    expect((await verify(given)).ok).toBe(true);
  });
}

test("finds a changed document, a deleted document and an unreadable document", async () => {
  const given = await synced();
  given.source.put("a", "one\n\nthree", { acl: { role: "admin" } });
  given.source.documents.delete("b");
  given.source.documents.set("c", {
    paragraphs: [],
    metadata: {},
    version: "1",
    scope: defaultScope,
    isUnreadable: true,
  });
  const { differences, differenceCount, unreadable } = await verify(given);
  expect(unreadable.map(({ documentId }) => documentId)).toEqual(["c"]);
  expect(differences.map(({ documentId, kind }) => `${documentId} ${kind}`).sort()).toEqual([
    "a missing",
    "a orphaned",
    "b orphaned",
  ]);
  expect(differenceCount).toBe(3);
  expect((await verify(given, { maxDifferences: 1 })).differences).toHaveLength(1);
});

test("counts an unreadable document as a difference only if it has points", async () => {
  const given = await synced();
  const [scope, version] = [defaultScope, "2"];
  const unread = { paragraphs: [], metadata: {}, version, scope, isUnreadable: true };
  given.source.documents.set("new", unread);
  expect(await verify(given)).toMatchObject({ ok: true, unreadable: [{ documentId: "new" }] });
  given.source.documents.set("a", unread);
  const { ok, differences } = await verify(given);
  expect([ok, differences.map(({ documentId, kind }) => `${documentId} ${kind}`)]).toEqual([
    false,
    ["a unreadable"],
  ]);
});

test("finds a manifest that differs from the store", async () => {
  const given = await synced();
  const { manifest, points } = given;
  await points().deleteWhere({ documentId: "b" });
  expect((await verify(given, { manifest })).differences).toContainEqual({
    documentId: "b",
    kind: "unrecorded",
    message: expect.stringContaining('"stored"'),
  });
});

test("reports a listing that does not complete, because its other documents were not compared", async () => {
  const given = await synced();
  const cut: DocumentSource = {
    id: given.source.id,
    async *changes(options) {
      for await (const change of given.source.changes(options))
        if (change.type !== "listing" || change.state === "started") yield change;
    },
  };
  const { ok, differences } = await verifyIndex({ store: given.store, index: given.index, source: cut });
  expect([ok, differences.map(({ kind }) => kind)]).toEqual([false, ["unreadable"]]);
});

test("refuses a misspelt option", async () => {
  const misspelt: object = { maxDifference: 1 };
  await expect(verify(await synced(), misspelt)).rejects.toThrow(/verifyIndex: .*maxDifference/);
});

test("rejects if the collection is missing", async () => {
  await expect(verify(setUp())).rejects.toMatchObject({ code: "not_found" });
});

async function synced(): Promise<SetUp> {
  const given = setUp();
  given.source.put("a", "one\n\ntwo", { acl: { role: "admin" } });
  given.source.put("b", "three");
  await given.indexer.sync(given.source);
  return given;
}

async function pointsOf({ points }: SetUp): Promise<StoredPoint[]> {
  const found: StoredPoint[] = [];
  for await (const point of points().scan({ includeVectors: true })) found.push(point);
  return found;
}

function verify(
  { store, index, source }: SetUp,
  options: Partial<VerifyIndexOptions> = {},
): ReturnType<typeof verifyIndex> {
  return verifyIndex({ store, index, source, ...options });
}
