import assert from "node:assert/strict";
import { ConfigurationError } from "../../errors/configuration-error.ts";
import type { Write } from "../../spec/collection.ts";
import type { VectorStore } from "../../spec/vector-store.ts";
import { collect, docs, idOf, upsert, type StorePromise } from "./contract-points.ts";
import { QUERY } from "./every-call.ts";
import { failureCodes } from "./write-promises.ts";

// Plain JavaScript and database rows pass values of any type.
const raw = (value: unknown): ReturnType<typeof JSON.parse> => value;

type Mistake = readonly [call: string, path: string, run: (store: VectorStore) => unknown];

const of = (store: VectorStore) => store.collection("docs");

const MISTAKES: readonly Mistake[] = [
  ["write", "batch", (store) => of(store).write(raw({}))],
  ["write", "batch", (store) => of(store).write(raw(null))],
  ["write", "fence", (store) => of(store).write([upsert(1)], raw({ fence: null }))],
  ["write", "fence", (store) => of(store).write([upsert(1)], raw({ fence: 7 }))],
  ["write", "fence.sourceId", (store) => of(store).write([upsert(1)], raw({ fence: { token: 1 } }))],
  ["write", "fence.token", (store) => of(store).write([upsert(1)], raw({ fence: { sourceId: "source" } }))],
  ["write", "signal", (store) => of(store).write([upsert(1)], raw({ signal: new AbortController() }))],
  ["write", "", (store) => of(store).write([upsert(1)], raw({ fences: 1 }))],
  ["write", "", (store) => of(store).write([upsert(1)], raw(null))],
  ["deleteWhere", "", (store) => of(store).deleteWhere(raw(null))],
  ["deleteWhere", "sourceId", (store) => of(store).deleteWhere(raw({ sourceId: 5 }))],
  ["deleteWhere", "", (store) => of(store).deleteWhere(raw({ source: "source" }))],
  ["deleteWhere", "fence", (store) => of(store).deleteWhere({ sourceId: "source" }, raw({ fence: null }))],
  ["get", "ids", (store) => of(store).get(raw(idOf(1)))],
  ["get", "ids.1", (store) => of(store).get(raw([idOf(1), 5]))],
  ["get", "ids.0", (store) => of(store).get(raw([null]))],
  ["get", "includeVectors", (store) => of(store).get([], raw({ includeVectors: "yes" }))],
  ["scan", "pageSize", (store) => collect(of(store).scan(raw({ pageSize: "9" })))],
  ["scan", "documentId", (store) => collect(of(store).scan(raw({ documentId: 5 })))],
  ["scan", "", (store) => collect(of(store).scan(raw({ limit: 1 })))],
  ["scan", "", (store) => collect(of(store).scan(raw(null)))],
  ["count", "", (store) => of(store).count(raw(null))],
  ["count", "index", (store) => of(store).count(raw({ index: "0" }))],
  ["count", "deadlineAt", (store) => of(store).count({}, raw({ deadlineAt: new Date(0) }))],
  ["search", "", (store) => of(store).search(raw(null))],
  ["search", "limit", (store) => of(store).search(raw({ ...QUERY, limit: "9" }))],
  ["search", "legs", (store) => of(store).search(raw({ ...QUERY, legs: {} }))],
  ["search", "legs.0.dense", (store) => of(store).search(raw({ ...QUERY, legs: [{ dense: [1, 0, 0] }] }))],
  ["search", "", (store) => of(store).search(QUERY, raw({ topK: 1 }))],
  ["searchMany", "queries", (store) => of(store).searchMany(raw(QUERY))],
  ["searchMany", "", (store) => of(store).searchMany(raw([null]))],
  ["termStatistics", "indices", (store) => of(store).termStatistics(raw([1]))],
  ["epoch", "sourceId", (store) => of(store).epoch(raw({ sourceId: 5 }))],
  ["epoch", "", (store) => of(store).epoch(raw("source"))],
  ["collection", "tenant", async (store) => store.collection("docs", raw(null))],
  ["collection", "tenant", async (store) => store.collection("docs", raw({ tenant: 5 }))],
  ["collection", "tenant", async (store) => store.collection("docs", raw("tenant"))],
  ["ensureCollection", "", (store) => store.ensureCollection(raw(null))],
  ["ensureCollection", "dense.dimensions", (store) => store.ensureCollection(raw(STRING_DIMENSIONS))],
  ["ensureCollection", "", (store) => store.ensureCollection({ name: "docs" }, raw({ force: true }))],
  ["capabilities", "", (store) => store.capabilities(raw({ topK: 1 }))],
];

const STRING_DIMENSIONS = { name: "other", dense: { spaceId: "space", dimensions: "3" } };

/** Writes that plain JavaScript can pass, with the code of their fault. */
const BAD_WRITES: readonly (readonly [code: string, write: unknown])[] = [
  ["invalid_write", null],
  ["invalid_write", undefined],
  ["invalid_write", 5],
  ["invalid_write", idOf(1)],
  ["invalid_write", [upsert(1)]],
  ["invalid_id", {}],
  ["invalid_write", { id: idOf(1) }],
  ["invalid_write", { ...upsert(1), type: "toString" }],
  ["invalid_write", { ...upsert(1), ifVersion: null }],
  ["invalid_write", { ...upsert(1), ifVersion: "1" }],
  ["invalid_write", { ...upsert(1), ifVersion: 0.5 }],
  ["invalid_write", { ...upsert(1), ifversion: 0 }],
  ["invalid_write", { type: "delete", id: idOf(1), where: () => true }],
];

/** Promises about arguments of the wrong type. */
export const argumentPromises: readonly StorePromise[] = [
  [
    "refuses arguments of the wrong type with an error that names the field, and changes nothing",
    async (store) => {
      const collection = await docs(store);
      await collection.write([upsert(2)]);
      for (const [call, path, run] of MISTAKES)
        await assert.rejects(
          async () => run(store),
          (error) => {
            assert.ok(ConfigurationError.isInstance(error), `${call}: ${String(error)}`);
            assert.deepEqual([call, error.issues[0]?.path], [call, path], error.message);
            return true;
          },
        );
      assert.equal(await collection.count(), 1);
    },
  ],
  [
    "reports a write that is not an object, or has a wrong field, by its position, and applies the others",
    async (store) => {
      const collection = await docs(store);
      const bad = BAD_WRITES.map(([, write]): Write => raw(write));
      assert.deepEqual(
        await failureCodes(collection, [...bad, upsert(2)]),
        Object.fromEntries(BAD_WRITES.map(([code], position) => [position, code])),
      );
      assert.deepEqual(await failureCodes(collection, raw(Object.assign([], { length: 1 }))), {
        0: "invalid_write",
      });
      assert.equal(await collection.count(), 1);
    },
  ],
];
