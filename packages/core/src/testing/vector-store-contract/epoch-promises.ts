import assert from "node:assert/strict";
import type { Collection } from "../../spec/collection.ts";
import type { VectorStore } from "../../spec/vector-store.ts";
import { DOCS, docs, idOf, upsert, type StorePromise } from "./contract-points.ts";
import { everyCall } from "./every-call.ts";
import { either } from "./needs.ts";

/** Returns the epoch of a store that has epochs. */
async function epochOf(collection: Collection, sourceId?: string): Promise<string> {
  const epoch = await collection.epoch({ sourceId });
  assert.ok(typeof epoch === "string" && epoch !== "");
  return epoch;
}

async function assertEpoch(
  collection: Collection,
  change: () => Promise<unknown>,
  changes: boolean,
): Promise<void> {
  const before = await epochOf(collection);
  await change();
  assert.equal((await epochOf(collection)) !== before, changes);
}

/** A promise of stores with epochs. Other stores must always return undefined. */
function withEpochs(name: string, yes: (store: VectorStore) => Promise<void>): StorePromise {
  return either(name, ({ epochs }) => epochs, {
    yes,
    no: async (store) => {
      const collection = await docs(store);
      assert.equal((await collection.write([upsert(1)])).epochs, undefined);
      assert.equal(await collection.epoch(), undefined);
      assert.equal(await collection.epoch({ sourceId: "source" }), undefined);
    },
  });
}

/** A promise of stores with epochs and fences. */
function withSourceEpochs(name: string, body: (store: VectorStore) => Promise<void>): StorePromise {
  return withEpochs(name, async (store) => {
    if ((await store.capabilities()).fences !== "none") return body(store);
    const collection = await docs(store);
    await collection.write([upsert(1)]);
    const before = await epochOf(collection, "source");
    await collection.write([upsert(1)]);
    assert.notEqual(await epochOf(collection, "source"), before);
  });
}

/** Promises about epochs. */
export const epochPromises: readonly StorePromise[] = [
  withEpochs("changes the epoch with every write that changes something", async (store) => {
    const collection = await docs(store);
    const patch = { type: "patch", id: idOf(1), metadata: {} } as const;
    await assertEpoch(collection, () => collection.write([upsert(1)]), true);
    await assertEpoch(collection, () => collection.write([upsert(1)]), true);
    await assertEpoch(collection, () => collection.write([patch]), true);
    await assertEpoch(collection, () => collection.write([{ type: "delete", id: idOf(1) }]), true);
    await collection.write([upsert(2), upsert(3, { dense: [NaN, 0, 0] })]);
    await assertEpoch(collection, () => collection.deleteWhere({ sourceId: "source" }), true);
    const recreate = async () => {
      await store.deleteCollection("docs");
      await store.ensureCollection(DOCS);
    };
    await assertEpoch(collection, recreate, true);
  }),
  withEpochs("keeps the epoch when it only reads", async (store) => {
    const collection = await docs(store);
    await collection.write([upsert(1)]);
    const { write: _, deleteWhere: __, ...reads } = everyCall(collection);
    for (const read of Object.values(reads)) await assertEpoch(collection, read, false);
    await assertEpoch(collection, () => store.ensureCollection(DOCS), false);
  }),
  withEpochs("keeps one epoch per tenant", async (store) => {
    await store.ensureCollection({ ...DOCS, tenancy: "required" });
    const mine = store.collection("docs", { tenant: "a" });
    const theirs = store.collection("docs", { tenant: "b" });
    await assertEpoch(mine, () => theirs.write([upsert(1)]), false);
    await assertEpoch(mine, () => mine.write([upsert(1)]), true);
  }),
  withEpochs(
    "returns the epochs immediately before and after a write, even if the write changes nothing",
    async (store) => {
      const collection = await docs(store);
      for (const batch of [[upsert(1)], [], [upsert(1), upsert(2)]]) {
        const before = await epochOf(collection);
        const { epochs } = await collection.write(batch);
        assert.deepEqual(epochs, { before, after: await epochOf(collection) });
      }
    },
  ),
  withEpochs("returns an epoch after a write that never covers a write of another writer", async (store) => {
    const collection = await docs(store);
    const { epochs } = await collection.write([upsert(1)]);
    const other = await store.collection("docs").write([upsert(1)]);
    assert.notEqual(await epochOf(collection), epochs?.after);
    assert.equal(await epochOf(collection), other.epochs?.after);
  }),
  withSourceEpochs(
    "changes only the epochs of source and collection for a fenced write, and all for an unfenced write",
    async (store) => {
      const collection = await docs(store);
      const fence = { sourceId: "mine", token: 1 };
      const mine = upsert(1, { chunk: { sourceId: "mine" } });
      const steps: readonly (readonly [() => Promise<unknown>, readonly boolean[]])[] = [
        [() => collection.write([mine], { fence }), [true, false, true]],
        [() => collection.write([], { fence }), [false, false, false]],
        [() => collection.deleteWhere({ sourceId: "mine" }, { fence }), [true, false, true]],
        [() => collection.write([upsert(2)]), [true, true, true]],
        [() => collection.deleteWhere({ sourceId: "source" }), [true, true, true]],
      ];
      const epochs = (): Promise<readonly string[]> =>
        Promise.all(["mine", "theirs", undefined].map((sourceId) => epochOf(collection, sourceId)));
      for (const [step, changed] of steps) {
        const before = await epochs();
        await step();
        assert.deepEqual(
          (await epochs()).map((epoch, i) => epoch !== before[i]),
          changed,
        );
      }
    },
  ),
  withSourceEpochs("returns the epochs of the source for a fenced write", async (store) => {
    const collection = await docs(store);
    const before = await epochOf(collection, "mine");
    const mine = upsert(1, { chunk: { sourceId: "mine" } });
    const { epochs } = await collection.write([mine], { fence: { sourceId: "mine", token: 1 } });
    assert.deepEqual(epochs, { before, after: await epochOf(collection, "mine") });
  }),
];
