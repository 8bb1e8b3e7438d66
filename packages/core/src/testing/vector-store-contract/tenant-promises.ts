import assert from "node:assert/strict";
import { ConfigurationError } from "../../errors/configuration-error.ts";
import type { Collection } from "../../spec/collection.ts";
import type { VectorStore } from "../../spec/vector-store.ts";
import {
  collect,
  DOCS,
  docs,
  hybridUpsert,
  idOf,
  numbersOf,
  scanned,
  sparse,
  sparseLeg,
  upsert,
  withCode,
  type StorePromise,
} from "./contract-points.ts";
import { everyRefusedCall, QUERY } from "./every-call.ts";
import { withSparse, hybridDocs } from "./needs.ts";

async function tenants(store: VectorStore): Promise<readonly [Collection, Collection]> {
  await store.ensureCollection({ ...DOCS, tenancy: "required" });
  return [store.collection("docs", { tenant: "a" }), store.collection("docs", { tenant: "b" })];
}

/** Promises about tenants. */
export const tenantPromises: readonly StorePromise[] = [
  [
    "refuses every call of an unbound handle if the collection requires tenants",
    async (store) => {
      await tenants(store);
      for (const [name, call] of Object.entries(everyRefusedCall(store.collection("docs"))))
        await assert.rejects(call(), withCode("tenant_required"), name);
    },
  ],
  [
    "refuses every call of a bound handle if the collection has no tenants",
    async (store) => {
      await docs(store);
      for (const [name, call] of Object.entries(everyRefusedCall(store.collection("docs", { tenant: "a" }))))
        await assert.rejects(call(), withCode("tenant_forbidden"), name);
    },
  ],
  [
    "refuses an empty tenant immediately",
    async (store) => {
      await tenants(store);
      assert.throws(() => store.collection("docs", { tenant: "" }), ConfigurationError);
      assert.throws(() => store.collection("docs", { tenant: "\ud800" }), ConfigurationError);
    },
  ],
  [
    "copies the binding, so that later changes to it have no effect",
    async (store) => {
      const [a, b] = await tenants(store);
      const binding = { tenant: "a" };
      const handle = store.collection("docs", binding);
      binding.tenant = "b";
      await handle.write([upsert(1)]);
      assert.deepEqual([await a.count(), await b.count(), await handle.count()], [1, 0, 1]);
    },
  ],
  [
    "keeps equal ids of two tenants as two points with their own versions",
    async (store) => {
      const [a, b] = await tenants(store);
      await a.write([upsert(1, { metadata: { kind: "a" } }), upsert(1, { metadata: { kind: "a" } })]);
      await b.write([upsert(1, { metadata: { kind: "b" }, ifVersion: 0 })]);
      const points = [...(await a.get([idOf(1)])), ...(await b.get([idOf(1)]))];
      assert.deepEqual(
        points.map((point) => point?.metadata["kind"]),
        ["a", "b"],
      );
    },
  ],
  [
    "hides the points of another tenant from reads, counts and searches",
    async (store) => {
      const [a, b] = await tenants(store);
      await a.write([upsert(1), upsert(2)]);
      await b.write([upsert(3)]);
      const stranger = store.collection("docs", { tenant: "c" });
      const found: readonly (readonly [Collection, readonly number[]])[] = [
        [a, [1, 2]],
        [b, [3]],
        [stranger, []],
      ];
      for (const [collection, numbers] of found) {
        assert.equal(await collection.count(), numbers.length);
        assert.deepEqual(await scanned(collection), numbers);
        assert.deepEqual(numbersOf(await collection.search(QUERY)), numbers);
        const filter = { $or: [{}, { kind: "guide" }] };
        assert.equal(await collection.count({ filter }), numbers.length);
      }
      assert.deepEqual(await b.get([idOf(1)]), [undefined]);
    },
  ],
  [
    "protects the points of another tenant from writes and deletions",
    async (store) => {
      const [a, b] = await tenants(store);
      await a.write([upsert(1), upsert(2)]);
      const before = await collect(a.scan());
      const { failures } = await b.write([
        { type: "delete", id: idOf(1) },
        { type: "patch", id: idOf(2), metadata: { kind: "stolen" } },
      ]);
      assert.equal(failures.get(1)?.code, "not_found");
      assert.equal(await b.deleteWhere({ sourceId: "source" }), 0);
      assert.equal(await b.deleteWhere({ filter: { $not: { kind: "none" } } }), 0);
      assert.deepEqual(await collect(a.scan()), before);
    },
  ],
  withSparse("hides the points of another tenant from sparse searches", async (store) => {
    await hybridDocs(store, { tenancy: "required" });
    const [a, b] = ["a", "b"].map((tenant) => store.collection("docs", { tenant }));
    await a?.write([hybridUpsert(1, sparse({ 1: 1 }))]);
    await b?.write([hybridUpsert(2, sparse({ 1: 1 }))]);
    const hits = (await a?.search({ ...QUERY, legs: [sparseLeg({ 1: 1 })] })) ?? [];
    assert.deepEqual(numbersOf(hits), [1]);
  }),
  [
    "separates tenants with similar or unusual names",
    async (store) => {
      await tenants(store);
      const names = [
        "a",
        "A",
        "a ",
        "a:b",
        "a/b",
        "ä",
        "a\u0308",
        "__proto__",
        "constructor",
        "null",
        "undefined",
        '"',
      ];
      for (const [i, tenant] of names.entries())
        await store.collection("docs", { tenant }).write([upsert(i + 1)]);
      for (const [i, tenant] of names.entries()) {
        assert.deepEqual(await scanned(store.collection("docs", { tenant })), [i + 1], tenant);
      }
    },
  ],
];
