import assert from "node:assert/strict";
import { TimeoutError } from "../../errors/timeout-error.ts";
import type { Collection } from "../../spec/collection.ts";
import type { CallOptions } from "../../spec/call-options.ts";
import type { VectorStore } from "../../spec/vector-store.ts";
import {
  collect,
  denseLeg,
  DOCS,
  docs,
  idOf,
  upsert,
  withCode,
  type StorePromise,
} from "./contract-points.ts";
import { everyCall } from "./every-call.ts";

function everyAdminCall(store: VectorStore, options?: CallOptions) {
  return {
    capabilities: () => store.capabilities(options),
    health: () => store.health(options),
    ensureCollection: () => store.ensureCollection({ ...DOCS, name: "another" }, options),
    describeCollection: () => store.describeCollection("docs", options),
    listCollections: () => store.listCollections(options),
    deleteCollection: () => store.deleteCollection("docs", options),
  };
}

async function assertEpoch(
  collection: Collection,
  change: () => Promise<unknown>,
  changes: boolean,
): Promise<void> {
  const before = await collection.epoch();
  await change();
  const after = await collection.epoch();
  // A store that cannot read an epoch never makes one up.
  if (before === undefined) assert.equal(after, undefined);
  else assert.equal(after !== before, changes);
}

/** What a store promises about its life, its calls and its epoch. */
export const lifecyclePromises: readonly StorePromise[] = [
  [
    "is healthy when asked, and says how long that took",
    async (store) => {
      const health = await store.health();
      assert.equal(health.status, "ok");
      assert.ok(health.latencyMs >= 0 && Number.isFinite(health.latencyMs));
    },
  ],
  [
    "the epoch changes with every write that changes something",
    async (store) => {
      const collection = await docs(store);
      await assertEpoch(collection, () => collection.write([upsert(1)]), true);
      await assertEpoch(collection, () => collection.write([upsert(1)]), true);
      await assertEpoch(
        collection,
        () => collection.write([{ type: "patch", id: idOf(1), metadata: {} }]),
        true,
      );
      await assertEpoch(collection, () => collection.write([{ type: "delete", id: idOf(1) }]), true);
      await collection.write([upsert(2), upsert(3, { dense: [NaN, 0, 0] })]);
      await assertEpoch(collection, () => collection.deleteWhere({ sourceId: "source" }), true);
      const recreate = async () => {
        await store.deleteCollection("docs");
        await store.ensureCollection(DOCS);
      };
      await assertEpoch(collection, recreate, true);
    },
  ],
  [
    "the epoch does not change by reading",
    async (store) => {
      const collection = await docs(store);
      await collection.write([upsert(1)]);
      const { write: _, deleteWhere: __, ...reads } = everyCall(collection);
      for (const read of Object.values(reads)) await assertEpoch(collection, read, false);
      await assertEpoch(collection, () => store.ensureCollection(DOCS), false);
    },
  ],
  [
    "a fenced write changes its source's epoch and the collection's, and no other source's; an unfenced one changes all",
    async (store) => {
      const collection = await docs(store);
      const epochs = (): Promise<readonly (string | undefined)[]> =>
        Promise.all(["mine", "theirs", undefined].map((sourceId) => collection.epoch({ sourceId })));
      const { fences, epochs: hasEpochs } = await store.capabilities();
      if (fences === "none" || !hasEpochs) return;
      const fence = { sourceId: "mine", token: 1 };
      const steps: readonly (readonly [() => Promise<unknown>, readonly boolean[]])[] = [
        [
          () => collection.write([upsert(1, { chunk: { sourceId: "mine" } })], { fence }),
          [true, false, true],
        ],
        [() => collection.write([], { fence }), [false, false, false]],
        [() => collection.deleteWhere({ sourceId: "mine" }, { fence }), [true, false, true]],
        [() => collection.write([upsert(2)]), [true, true, true]],
        [() => collection.deleteWhere({ sourceId: "source" }), [true, true, true]],
      ];
      for (const [step, changed] of steps) {
        const before = await epochs();
        await step();
        const after = await epochs();
        assert.deepEqual(
          after.map((epoch, i) => epoch !== before[i]),
          changed,
        );
      }
    },
  ],
  [
    "a fenced write tells the epochs of its source",
    async (store) => {
      const collection = await docs(store);
      const { fences, epochs: hasEpochs } = await store.capabilities();
      if (fences === "none" || !hasEpochs) return;
      const before = await collection.epoch({ sourceId: "mine" });
      const written = await collection.write([upsert(1)], { fence: { sourceId: "mine", token: 1 } });
      assert.deepEqual(written.epochs, { before, after: await collection.epoch({ sourceId: "mine" }) });
    },
  ],
  [
    "a write that tells its epochs tells those right before and right after it, also where it changes nothing",
    async (store) => {
      const collection = await docs(store);
      for (const batch of [[upsert(1)], [], [upsert(1), upsert(2)]]) {
        const before = await collection.epoch();
        const { epochs } = await collection.write(batch);
        const after = await collection.epoch();
        if (epochs !== undefined) assert.deepEqual(epochs, { before, after });
      }
    },
  ],
  [
    "an aborted signal rejects every call with its reason, and nothing is written",
    async (store) => {
      const collection = await docs(store);
      await collection.write([upsert(2)]);
      const reason = new Error("enough");
      const options = { signal: AbortSignal.abort(reason) };
      const calls = { ...everyCall(collection, options), ...everyAdminCall(store, options) };
      for (const [name, call] of Object.entries(calls))
        await assert.rejects(call(), (error) => error === reason, name);
      assert.equal(await collection.count(), 1);
      assert.deepEqual(await collection.get([idOf(1)]), [undefined]);
    },
  ],
  [
    "a scan that is aborted midway stops with the reason",
    async (store) => {
      const collection = await docs(store);
      await collection.write(Array.from({ length: 20 }, (_, i) => upsert(i + 1)));
      const controller = new AbortController();
      const reason = new Error("enough");
      const seen: string[] = [];
      const scan = async () => {
        for await (const { id } of collection.scan({ pageSize: 4, signal: controller.signal })) {
          seen.push(id);
          if (seen.length === 6) controller.abort(reason);
        }
      };
      await assert.rejects(scan(), (error) => error === reason);
      assert.equal(seen.length, 6);
    },
  ],
  [
    "a deadline that has passed rejects with a TimeoutError, and nothing is written",
    async (store) => {
      const collection = await docs(store);
      for (const [name, call] of Object.entries(everyCall(collection, { deadlineAt: Date.now() - 1 })))
        await assert.rejects(call(), TimeoutError, name);
      assert.equal(await collection.count(), 0);
    },
  ],
  [
    "searches, scans and writes may run at the same time",
    async (store) => {
      const collection = await docs(store);
      await collection.write(Array.from({ length: 50 }, (_, i) => upsert(i + 1)));
      const results = await Promise.all(
        Array.from({ length: 10 }, async (_, i) => {
          await collection.write([upsert(100 + i)]);
          const hits = await collection.search({ legs: [denseLeg([1, 0, 0])], limit: 5 });
          return hits.length === 5 && (await collect(collection.scan())).length >= 50;
        }),
      );
      assert.ok(results.every(Boolean));
      assert.equal(await collection.count(), 60);
    },
  ],
  [
    "a scan during which the store is closed stops there",
    async (store) => {
      const collection = await docs(store);
      await collection.write([upsert(1), upsert(2), upsert(3)]);
      const seen: string[] = [];
      const scan = async () => {
        for await (const { id } of collection.scan()) {
          seen.push(id);
          await store.close();
        }
      };
      await assert.rejects(scan(), withCode("closed"));
      assert.deepEqual(seen, [idOf(1)]);
    },
  ],
  [
    "closing twice is fine, and every call afterwards rejects with closed",
    async (store) => {
      const collection = await docs(store);
      await Promise.all([store.close(), store.close()]);
      await store.close();
      await store[Symbol.asyncDispose]();
      const calls = { ...everyCall(collection), ...everyAdminCall(store) };
      for (const [name, call] of Object.entries(calls))
        await assert.rejects(call(), withCode("closed"), name);
    },
  ],
];
