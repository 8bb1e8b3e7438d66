import assert from "node:assert/strict";
import { TimeoutError } from "../../errors/timeout-error.ts";
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
import { everyRefusedCall } from "./every-call.ts";

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

/** Promises about health, aborts, deadlines and closing. */
export const lifecyclePromises: readonly StorePromise[] = [
  [
    "is healthy, and reports how long the check took",
    async (store) => {
      const health = await store.health();
      assert.equal(health.status, "ok");
      assert.ok(health.latencyMs >= 0 && Number.isFinite(health.latencyMs));
    },
  ],
  [
    "rejects every call with the reason of an aborted signal and writes nothing",
    async (store) => {
      const collection = await docs(store);
      await collection.write([upsert(2)]);
      const reason = new Error("enough");
      const options = { signal: AbortSignal.abort(reason) };
      const calls = { ...everyRefusedCall(collection, options), ...everyAdminCall(store, options) };
      for (const [name, call] of Object.entries(calls))
        await assert.rejects(call(), (error) => error === reason, name);
      assert.equal(await collection.count(), 1);
      assert.deepEqual(await collection.get([idOf(1)]), [undefined]);
    },
  ],
  [
    "stops an aborted scan with the reason",
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
    "rejects with a TimeoutError after the deadline and writes nothing",
    async (store) => {
      const collection = await docs(store);
      for (const [name, call] of Object.entries(everyRefusedCall(collection, { deadlineAt: Date.now() - 1 })))
        await assert.rejects(call(), TimeoutError, name);
      assert.equal(await collection.count(), 0);
    },
  ],
  [
    "runs searches, scans and writes at the same time",
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
    "stops a running scan when the store is closed",
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
      assert.equal(seen.length, 1);
    },
  ],
  [
    "closes twice, and then rejects every call with closed",
    async (store) => {
      const collection = await docs(store);
      await Promise.all([store.close(), store.close()]);
      await store.close();
      await store[Symbol.asyncDispose]();
      const calls = { ...everyRefusedCall(collection), ...everyAdminCall(store) };
      for (const [name, call] of Object.entries(calls))
        await assert.rejects(call(), withCode("closed"), name);
    },
  ],
];
