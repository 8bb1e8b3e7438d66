import assert from "node:assert/strict";
import type { Collection } from "../../spec/collection.ts";
import type { StoreFeature, VectorStore } from "../../spec/vector-store.ts";
import {
  DOCS,
  docs,
  idOf,
  numbersOf,
  scanned,
  upsert,
  withCode,
  type StorePromise,
} from "./contract-points.ts";
import { facetOf, groupsOf } from "./facet-promises.ts";
import { featureUses, withFeature } from "./features.ts";

const FEATURES = ["dbsf", "boost", "mmr", "effort", "like", "orderBy", "groups", "facet"] as const;

/** The uses of the features that the store has. */
async function uses(
  store: VectorStore,
  collection: Collection,
  signal?: AbortSignal,
): Promise<readonly (readonly [StoreFeature, () => Promise<unknown>])[]> {
  const { features = [] } = await store.capabilities();
  const all = featureUses(collection, { signal });
  return FEATURES.filter((feature) => features.includes(feature)).flatMap((feature) => {
    const use = all[feature];
    assert.ok(use, `the store has feature ${feature}, but its collection does not`);
    return [[feature, use] as const];
  });
}

/** Two tenants with the same ids. Tenant "a" also has points 2 and 3. */
async function twoTenants(store: VectorStore): Promise<readonly [Collection, Collection]> {
  await store.ensureCollection({ ...DOCS, tenancy: "required" });
  const [a, b] = [store.collection("docs", { tenant: "a" }), store.collection("docs", { tenant: "b" })];
  await a.write([1, 2, 3].map((n) => upsert(n, { metadata: { kind: "secret", year: 1990 + n } })));
  await b.write([upsert(1), upsert(4), upsert(5, { dense: [0, 0, 1] })]);
  return [a, b];
}

/** Promises about the optional features in general, and about tenants. */
export const featurePromises: readonly StorePromise[] = [
  [
    "rejects every use of a feature that is aborted, of a missing collection or tenant, and after close",
    async (store) => {
      const collection = await docs(store);
      await collection.write([upsert(1)]);
      for (const [, use] of await uses(store, collection)) await use();
      const reason = new Error("enough");
      for (const [name, use] of await uses(store, collection, AbortSignal.abort(reason)))
        await assert.rejects(use(), (error) => error === reason, name);
      for (const [name, use] of await uses(store, store.collection("missing")))
        await assert.rejects(use(), withCode("not_found"), name);
      for (const [name, use] of await uses(store, store.collection("docs", { tenant: "a" })))
        await assert.rejects(use(), withCode("tenant_forbidden"), name);
      const late = await uses(store, collection);
      await store.close();
      for (const [name, use] of late) await assert.rejects(use(), withCode("closed"), name);
    },
  ],
  withFeature("facet", "counts only values of the tenant", async (store) => {
    const [a, b] = await twoTenants(store);
    assert.deepEqual(await facetOf(a, "kind"), [["secret", 3]]);
    assert.deepEqual(await facetOf(b, "kind"), [["guide", 3]]);
    const filter = { $or: [{}, { kind: "secret" }] };
    assert.deepEqual(await facetOf(b, "kind", { filter }), [["guide", 3]]);
    assert.deepEqual(await facetOf(store.collection("docs", { tenant: "c" }), "kind"), []);
  }),
  withFeature("groups", "groups only hits of the tenant", async (store) => {
    const [, b] = await twoTenants(store);
    assert.deepEqual(await groupsOf(b, { by: "kind", size: 9 }), [["guide", [1, 4, 5]]]);
  }),
  withFeature("orderBy", "scans only points of the tenant in order", async (store) => {
    const [a, b] = await twoTenants(store);
    const orderBy = { field: "year", direction: "ascending" } as const;
    for (const pageSize of [1, 2, 9]) {
      assert.deepEqual(await scanned(a, { orderBy, pageSize }), [1, 2, 3]);
      assert.deepEqual(await scanned(b, { orderBy, pageSize }), [1, 4, 5]);
    }
  }),
  withFeature("like", "finds seeds and hits only within the tenant", async (store) => {
    const [a, b] = await twoTenants(store);
    for (const strategy of ["average", "best"] as const) {
      const search = (collection: Collection, like: number, unlike: readonly number[] = []) => {
        const leg = { like: [idOf(like)], unlike: unlike.map(idOf), strategy };
        return collection.search({ legs: [leg], limit: 9 });
      };
      assert.deepEqual(numbersOf(await search(b, 4)), [1, 5]);
      assert.deepEqual(numbersOf(await search(a, 3)), [2, 1]);
      await assert.rejects(search(b, 2), withCode("not_found"));
      await assert.rejects(search(b, 1, [3]), withCode("not_found"));
    }
  }),
];
