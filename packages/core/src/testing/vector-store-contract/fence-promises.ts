import assert from "node:assert/strict";
import { ConfigurationError } from "../../errors/configuration-error.ts";
import { FencedError } from "../../errors/fenced-error.ts";
import type { VectorStore } from "../../spec/vector-store.ts";
import { DOCS, docs, idOf, upsert, withCode, type StorePromise } from "./contract-points.ts";
import { assertUnsupported, either } from "./needs.ts";

const fenced = (token: number, sourceId = "source") => ({ fence: { sourceId, token } });

/** A promise of stores that accept fences; the others refuse them and write nothing. */
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

/** Whatever a writer with an old token does, its successor's epoch does not survive it. */
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

/** What a store promises about fences, or that it refuses them. */
export const fencePromises: readonly StorePromise[] = [
  withFences(
    "a writer with an older token is fenced off before anything is written, or its successor can tell",
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
    "an empty batch registers its token, and a writer that is fenced off hears of it",
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
  withFences("tokens are remembered per source, and writes without a fence pass", async (store) => {
    const collection = await docs(store);
    await collection.write([upsert(1, { chunk: { sourceId: "one" } })], fenced(9, "one"));
    await collection.write([upsert(2, { chunk: { sourceId: "two" } })], fenced(1, "two"));
    await collection.write([upsert(3)]);
    assert.equal(await collection.count(), 3);
  }),
  withFences(
    "tokens are remembered per tenant",
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
  withFences("tokens that are no whole number are refused", async (store) => {
    const collection = await docs(store);
    for (const token of [NaN, -1, 0.5, Infinity])
      await assert.rejects(collection.write([upsert(1)], fenced(token)), ConfigurationError);
    assert.equal(await collection.count(), 0);
  }),
];
