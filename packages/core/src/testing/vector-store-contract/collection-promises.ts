import assert from "node:assert/strict";
import { ConfigurationError } from "../../errors/configuration-error.ts";
import type { CollectionSpec } from "../../spec/collection-spec.ts";
import type { VectorStore } from "../../spec/vector-store.ts";
import { DOCS, docs, upsert, withCode, type StorePromise } from "./contract-points.ts";
import { assertUnsupported, hybridSpec, withSparse, withStatistics } from "./needs.ts";

async function assertMismatch(
  store: VectorStore,
  spec: CollectionSpec,
  paths: readonly string[],
): Promise<void> {
  await assert.rejects(store.ensureCollection(spec), (error) => {
    assert.ok(ConfigurationError.isInstance(error));
    assert.equal(error.code, "collection_mismatch");
    assert.deepEqual(
      error.issues.map(({ path }) => path),
      paths,
    );
    return true;
  });
}

/** Promises about collections. */
export const collectionPromises: readonly StorePromise[] = [
  [
    "creates a collection once with all defaults, and then reports that it exists",
    async (store) => {
      const created = await store.ensureCollection(DOCS);
      const { outcome, ...info } = created;
      assert.equal(outcome, "created");
      assert.deepEqual(await store.ensureCollection(DOCS), { ...info, outcome: "exists" });
      assert.deepEqual(await store.describeCollection("docs"), info);
      assert.deepEqual(await store.listCollections(), [info]);
      assert.equal(info.dense?.metric, "cosine");
      assert.equal(info.tenancy, "none");
      assert.match(info.incarnation, /^[0-9a-f-]{36}$/);
    },
  ],
  withStatistics("uses BM25 within the tenant as the defaults of sparse vectors", async (store) => {
    const { sparse } = await store.ensureCollection({ ...DOCS, sparse: { encoderId: "encoder" } });
    assert.deepEqual(sparse, { encoderId: "encoder", idf: "bm25", idfScope: "tenant" });
  }),
  [
    "creates a collection once for many simultaneous calls, which all get the same incarnation",
    async (store) => {
      const all = await Promise.all(Array.from({ length: 8 }, () => store.ensureCollection(DOCS)));
      assert.equal(all.filter(({ outcome }) => outcome === "created").length, 1);
      assert.equal(new Set(all.map(({ incarnation }) => incarnation)).size, 1);
    },
  ],
  [
    "refuses a spec that differs from the collection, names each field and changes nothing",
    async (store) => {
      const { outcome: _, ...info } = await store.ensureCollection(DOCS);
      for (const [asked, paths] of MISMATCHES) await assertMismatch(store, { ...DOCS, ...asked }, paths);
      assert.deepEqual(await store.describeCollection("docs"), info);
    },
  ],
  withSparse("refuses sparse options that differ from the collection and names each field", async (store) => {
    const spec = await hybridSpec(store);
    const { sparse, dense } = spec;
    await store.ensureCollection(spec);
    await assertMismatch(store, { ...spec, sparse: undefined }, ["sparse"]);
    await assertMismatch(store, { ...spec, dense: undefined }, ["dense"]);
    await assertMismatch(store, { ...spec, sparse: { ...sparse, encoderId: "other" } }, ["sparse.encoderId"]);
    await store.ensureCollection({ ...DOCS, name: "plain", sparse: { ...sparse, idf: "none" }, dense });
    if (sparse.idf === "none") return;
    await assertMismatch(store, { ...spec, name: "plain" }, ["sparse.idf"]);
  }),
  [
    "adds fields that then filter existing points, and removes no field that a spec omits",
    async (store) => {
      const collection = await docs(store, { fields: {} });
      await collection.write([
        upsert(1, { metadata: { pages: 3 } }),
        upsert(2, { metadata: { pages: "few" } }),
      ]);
      await store.ensureCollection({ ...DOCS, fields: { pages: "integer" } });
      assert.equal(await collection.count({ filter: { pages: { $gte: 3 } } }), 1);
      assert.equal(await collection.count({ filter: { pages: { $exists: true } } }), 2);
      const { fields } = await store.ensureCollection({ ...DOCS, fields: {} });
      assert.deepEqual(fields, { pages: "integer" });
    },
  ],
  [
    "lists collections by name",
    async (store) => {
      for (const name of ["b", "C", "a", "B2"]) await store.ensureCollection({ ...DOCS, name });
      const names = (await store.listCollections()).map(({ name }) => name);
      assert.deepEqual(names, ["B2", "C", "a", "b"]);
    },
  ],
  [
    "deletes a collection, and creates an empty one of the same name with another incarnation",
    async (store) => {
      const first = await store.ensureCollection(DOCS);
      const collection = store.collection("docs");
      await collection.write([upsert(1)]);
      assert.equal(await store.deleteCollection("docs"), true);
      assert.equal(await store.deleteCollection("docs"), false);
      assert.equal(await store.describeCollection("docs"), undefined);
      await assert.rejects(collection.count(), withCode("not_found"));
      const second = await store.ensureCollection(DOCS);
      assert.equal(second.outcome, "created");
      assert.notEqual(second.incarnation, first.incarnation);
      assert.equal(await collection.count(), 0);
    },
  ],
  [
    "rejects calls to a missing collection with not_found",
    async (store) => {
      const collection = store.collection("nowhere");
      await assert.rejects(collection.write([upsert(1)]), withCode("not_found"));
      await assert.rejects(collection.get([]), withCode("not_found"));
      await assert.rejects(collection.epoch(), withCode("not_found"));
      assert.equal(await store.describeCollection("nowhere"), undefined);
    },
  ],
  [
    "refuses names that are empty, too long or could be paths, in all calls",
    async (store) => {
      for (const name of [
        "",
        "..",
        ".",
        "a/b",
        "a\\b",
        "%2e%2e",
        "a b",
        "-a",
        "_a",
        "ü",
        "a\0",
        "x".repeat(129),
      ]) {
        await assert.rejects(store.ensureCollection({ ...DOCS, name }), ConfigurationError, name);
        await assert.rejects(store.describeCollection(name), ConfigurationError, name);
        await assert.rejects(store.deleteCollection(name), ConfigurationError, name);
        assert.throws(() => store.collection(name), ConfigurationError, name);
      }
      await store.ensureCollection({ ...DOCS, name: "x".repeat(128) });
    },
  ],
  [
    "refuses invalid specs and names each field",
    async (store) => {
      const { maxDimensions } = await store.capabilities();
      const specs: readonly (readonly [CollectionSpec, readonly string[]])[] = [
        [{ name: "x" }, [""]],
        [{ name: "x", dense: { spaceId: "", dimensions: 0 } }, ["dense.spaceId", "dense.dimensions"]],
        [{ name: "x", dense: { spaceId: "s", dimensions: 1.5 } }, ["dense.dimensions"]],
        [{ name: "x", dense: { spaceId: "s", dimensions: maxDimensions + 1 } }, ["dense.dimensions"]],
        [{ ...DOCS, fields: { $and: "keyword" } }, ["fields.$and"]],
        [{ ...DOCS, fields: { "a.b": "keyword" } }, ["fields.a.b"]],
      ];
      for (const [spec, paths] of specs)
        await assert.rejects(store.ensureCollection(spec), (error) => {
          assert.ok(ConfigurationError.isInstance(error));
          assert.deepEqual(
            error.issues.map(({ path }) => path),
            paths,
          );
          return true;
        });
      assert.deepEqual(await store.listCollections(), []);
    },
  ],
  [
    "accepts the metrics that it declares and no others",
    async (store) => {
      const { metrics } = await store.capabilities();
      assert.ok(metrics.includes("cosine"));
      for (const metric of ["cosine", "dot", "euclid"] as const) {
        const created = store.ensureCollection({
          name: metric,
          dense: { spaceId: "space", dimensions: 2, metric },
        });
        if (!metrics.includes(metric)) {
          await assertUnsupported(created, "metrics");
          continue;
        }
        assert.equal((await created).dense?.metric, metric);
        const { failures } = await store.collection(metric).write([upsert(1, { dense: [1, 0] })]);
        assert.equal(failures.size, 0);
      }
    },
  ],
];

const MISMATCHES: readonly (readonly [Partial<CollectionSpec>, readonly string[]])[] = [
  [{ dense: { spaceId: "other", dimensions: 4 } }, ["dense.spaceId", "dense.dimensions"]],
  [{ tenancy: "required" }, ["tenancy"]],
  [{ fields: { kind: "text", year: "float", added: "boolean" } }, ["fields.kind", "fields.year"]],
];
