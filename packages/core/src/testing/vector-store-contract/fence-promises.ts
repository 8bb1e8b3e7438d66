import assert from "node:assert/strict";
import { ConfigurationError } from "../../errors/configuration-error.ts";
import { FencedError } from "../../errors/fenced-error.ts";
import type { Upsert, Write } from "../../spec/collection.ts";
import type { VectorStore } from "../../spec/vector-store.ts";
import { DOCS, docs, idOf, scanned, upsert, withCode, type StorePromise } from "./contract-points.ts";
import { assertUnsupported, either } from "./needs.ts";

const fenced = (token: number, sourceId = "source") => ({ fence: { sourceId, token } });

/** A promise of stores with fences. Other stores must refuse a fence and write nothing. */
function withFences(
  name: string,
  enforced: (store: VectorStore) => Promise<void>,
  detected: (store: VectorStore) => Promise<void> = enforced,
): StorePromise {
  return either(name, ({ fences }) => fences !== "none", {
    yes: (store, { fences }) => (fences === "enforced" ? enforced(store) : detected(store)),
    no: async (store) => {
      const collection = await docs(store);
      await assertUnsupported(collection.write([upsert(1)], fenced(1)), "fences");
      await assertUnsupported(collection.deleteWhere({ sourceId: "source" }, fenced(1)), "fences");
      assert.equal(await collection.count(), 0);
    },
  });
}

/** Asserts that a write with an old token either fails or changes the successor's epoch. */
async function assertDetected(store: VectorStore): Promise<void> {
  assert.ok((await store.capabilities()).epochs);
  const collection = await docs(store);
  await collection.write([upsert(1), upsert(2)], fenced(6));
  const late = [
    () => collection.write([upsert(4)], fenced(6)),
    () => collection.deleteWhere({ sourceId: "source" }, fenced(6)),
  ];
  for (const call of late) {
    const { epochs } = await collection.write([upsert(3)], fenced(7));
    const outcome = await call().then(
      () => "written",
      (error: unknown) => withCode("fenced")(error) && "fenced",
    );
    assert.ok(outcome);
    if (outcome === "written") assert.notEqual(await collection.epoch({ sourceId: "source" }), epochs?.after);
  }
}

/** Promises about fences. */
export const fencePromises: readonly StorePromise[] = [
  withFences(
    "rejects a writer with an older token before it writes, or shows its write in the successor's epoch",
    async (store) => {
      const collection = await docs(store);
      await collection.write([upsert(1)], fenced(5));
      await collection.write([upsert(2)], fenced(5));
      await collection.write([upsert(3)], fenced(7));
      const late = collection.write([upsert(4), { type: "delete", id: idOf(1) }], fenced(6));
      await assert.rejects(late, withCode("fenced"));
      await assert.rejects(collection.deleteWhere({ sourceId: "source" }, fenced(6)), withCode("fenced"));
      assert.equal(await collection.count(), 3);
      assert.equal(await collection.deleteWhere({ documentId: "document-1" }, fenced(8)), 1);
      await assert.rejects(collection.write([upsert(4)], fenced(7)), withCode("fenced"));
    },
    assertDetected,
  ),
  withFences(
    "registers the token of an empty batch, and rejects older tokens afterwards",
    async (store) => {
      const collection = await docs(store);
      await collection.write([], fenced(7));
      const names = (error: unknown): boolean => FencedError.isInstance(error) && error.highestToken === 7;
      await assert.rejects(collection.write([], fenced(6)), names);
      await assert.rejects(collection.write([upsert(1)], fenced(6)), names);
      await assert.rejects(collection.deleteWhere({ sourceId: "source" }, fenced(6)), names);
    },
    assertDetected,
  ),
  withFences("remembers tokens per source, and accepts writes without a fence", async (store) => {
    const collection = await docs(store);
    await collection.write([upsert(1, { chunk: { sourceId: "one" } })], fenced(9, "one"));
    await collection.write([upsert(2, { chunk: { sourceId: "two" } })], fenced(1, "two"));
    await collection.write([upsert(3)]);
    assert.equal(await collection.count(), 3);
  }),
  withFences(
    "remembers tokens per tenant",
    async (store) => {
      await store.ensureCollection({ ...DOCS, tenancy: "required" });
      const write = (tenant: string, token: number) =>
        store.collection("docs", { tenant }).write([upsert(1)], fenced(token));
      await write("a", 9);
      await write("b", 1);
      await assert.rejects(write("a", 8), withCode("fenced"));
    },
    assertDetected,
  ),
  withFences(
    "refuses a fenced write of another source's point and keeps that source's epoch",
    async (store) => {
      const collection = await docs(store);
      const of = (n: number, sourceId: string): Upsert => upsert(n, { chunk: { sourceId } });
      await collection.write([of(1, "theirs"), of(2, "mine")]);
      const state = async (): Promise<unknown> => [
        await collection.get([1, 2, 3].map(idOf)),
        await collection.epoch({ sourceId: "theirs" }),
      ];
      const before = await state();
      const writes: readonly Write[] = [
        of(1, "mine"),
        { type: "patch", id: idOf(1), metadata: {} },
        { type: "delete", id: idOf(1) },
        { ...of(1, "mine"), ifVersion: 0 },
        of(3, "theirs"),
        { type: "patch", id: idOf(2), chunk: { sourceId: "theirs" } },
      ];
      const { failures } = await collection.write(writes, fenced(1, "mine"));
      assert.deepEqual(
        writes.map((_, position) => failures.get(position)?.code),
        writes.map(() => "wrong_source"),
      );
      assert.deepEqual(await state(), before);
      const own = await collection.write([of(2, "mine"), of(3, "mine")], fenced(1, "mine"));
      assert.equal(own.failures.size, 0);
    },
  ),
  withFences("deletes only points of the fence's source by a selector", async (store) => {
    const collection = await docs(store);
    const of = (n: number, sourceId: string): Upsert =>
      upsert(n, { chunk: { sourceId, documentId: "shared" } });
    await collection.write([of(1, "mine"), of(2, "theirs")]);
    const epoch = await collection.epoch({ sourceId: "theirs" });
    assert.equal(await collection.deleteWhere({ documentId: "shared" }, fenced(1, "mine")), 1);
    assert.equal(await collection.deleteWhere({ filter: { kind: "guide" } }, fenced(1, "mine")), 0);
    assert.deepEqual(await scanned(collection), [2]);
    assert.equal(await collection.epoch({ sourceId: "theirs" }), epoch);
    await assert.rejects(
      collection.deleteWhere({ sourceId: "theirs" }, fenced(1, "mine")),
      ConfigurationError,
    );
    await assert.rejects(collection.deleteWhere({}, fenced(1, "theirs")), ConfigurationError);
    assert.equal(await collection.count(), 1);
  }),
  withFences("refuses tokens that are not whole numbers", async (store) => {
    const collection = await docs(store);
    for (const token of [NaN, -1, 0.5, Infinity])
      await assert.rejects(collection.write([upsert(1)], fenced(token)), ConfigurationError);
    assert.equal(await collection.count(), 0);
  }),
];
