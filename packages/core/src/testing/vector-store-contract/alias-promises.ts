import assert from "node:assert/strict";
import type { AliasAdmin } from "../../spec/alias-admin.ts";
import type { VectorStore } from "../../spec/vector-store.ts";
import {
  collect,
  DOCS,
  docs,
  idOf,
  numbersOf,
  upsert,
  withCode,
  type StorePromise,
} from "./contract-points.ts";
import { QUERY } from "./every-call.ts";

/** A promise of stores with aliases. A store without them has no `aliases`. */
function withAliases(
  name: string,
  body: (store: VectorStore, aliases: AliasAdmin) => Promise<void>,
): StorePromise {
  return [name, async (store) => (store.aliases === undefined ? undefined : body(store, store.aliases))];
}

/** Creates "old" with point 1 and "new" with points 2 and 3, and an alias "live" of "old". */
async function twoCollections(store: VectorStore, aliases: AliasAdmin): Promise<void> {
  const [first, second] = [await docs(store, { name: "old" }), await docs(store, { name: "new" })];
  await first.write([upsert(1)]);
  await second.write([upsert(2), upsert(3)]);
  await aliases.set({ name: "live", collection: "old" });
}

/** Promises about aliases. */
export const aliasPromises: readonly StorePromise[] = [
  withAliases("creates, lists and deletes aliases", async (store, aliases) => {
    await docs(store);
    assert.deepEqual(await aliases.list(), []);
    assert.equal(await aliases.set({ name: "live", collection: "docs" }), undefined);
    assert.equal(await aliases.set({ name: "beta", collection: "docs" }), undefined);
    assert.equal(await aliases.set({ name: "live", collection: "docs" }), "docs");
    assert.deepEqual(await aliases.list(), [
      { name: "beta", collection: "docs" },
      { name: "live", collection: "docs" },
    ]);
    assert.equal(await aliases.delete("live"), true);
    assert.equal(await aliases.delete("live"), false);
    assert.equal(await store.describeCollection("live"), undefined);
    assert.equal((await store.describeCollection("docs"))?.name, "docs");
  }),
  withAliases("reads and writes the collection that an alias means", async (store, aliases) => {
    const collection = await docs(store);
    await aliases.set({ name: "live", collection: "docs" });
    const live = store.collection("live");
    const { epochs } = await live.write([upsert(1), upsert(2)]);
    assert.deepEqual(numbersOf(await collect(collection.scan())), [1, 2]);
    assert.deepEqual(numbersOf(await live.search(QUERY)), numbersOf(await collection.search(QUERY)));
    assert.equal((await live.get([idOf(2)])).length, 1);
    assert.equal(await live.epoch(), await collection.epoch());
    assert.equal(epochs?.after, await live.epoch());
    assert.equal(await live.deleteWhere({ documentId: "document-1" }), 1);
    assert.equal(await collection.count(), 1);
  }),
  withAliases("switches an open handle, and its epoch, in one step", async (store, aliases) => {
    await twoCollections(store, aliases);
    const live = store.collection("live");
    assert.equal(await live.count(), 1);
    const before = await live.epoch();
    assert.equal(await aliases.set({ name: "live", collection: "new" }), "old");
    assert.equal(await live.count(), 2);
    assert.equal(await live.epoch(), await store.collection("new").epoch());
    if ((await store.capabilities()).epochs) assert.notEqual(await live.epoch(), before);
    await live.write([upsert(4)]);
    assert.deepEqual([await store.collection("old").count(), await store.collection("new").count()], [1, 3]);
  }),
  withAliases(
    "never fails a read, and never mixes two collections, while it switches",
    async (store, aliases) => {
      await twoCollections(store, aliases);
      const live = store.collection("live");
      const seen = new Set<string>();
      let isDone = false;
      const read = async (): Promise<void> => {
        while (!isDone) {
          seen.add(
            numbersOf(await live.search(QUERY))
              .toSorted((a, b) => a - b)
              .join(),
          );
          await new Promise((resolve) => setImmediate(resolve));
        }
      };
      const reading = Promise.all([read(), read()]);
      for (let i = 0; i < 10; i++)
        await aliases.set({ name: "live", collection: i % 2 === 0 ? "new" : "old" });
      isDone = true;
      await reading;
      for (const found of seen) assert.ok(["1", "2,3"].includes(found), found);
    },
  ),
  withAliases("keeps a scan in the collection in which it began", async (store, aliases) => {
    await twoCollections(store, aliases);
    await store.collection("old").write([upsert(5), upsert(6), upsert(7)]);
    const seen: string[] = [];
    for await (const { id } of store.collection("live").scan({ pageSize: 2 })) {
      seen.push(id);
      if (seen.length === 1) await aliases.set({ name: "live", collection: "new" });
    }
    assert.deepEqual(seen.toSorted(), [1, 5, 6, 7].map(idOf));
  }),
  withAliases("describes and ensures the target of an alias", async (store, aliases) => {
    const target = await store.ensureCollection(DOCS);
    await aliases.set({ name: "live", collection: "docs" });
    const { outcome, name, incarnation } = await store.ensureCollection({ ...DOCS, name: "live" });
    assert.deepEqual([outcome, name, incarnation], ["exists", "docs", target.incarnation]);
    assert.equal((await store.describeCollection("live"))?.name, "docs");
    assert.deepEqual(
      (await store.listCollections()).map((info) => info.name),
      ["docs"],
    );
    const other = { ...DOCS, name: "live", dense: { spaceId: "space", dimensions: 4 } };
    await assert.rejects(store.ensureCollection(other), withCode("collection_mismatch"));
    const fields = { ...DOCS.fields, added: "keyword" } as const;
    await store.ensureCollection({ ...DOCS, name: "live", fields });
    assert.deepEqual((await store.describeCollection("docs"))?.fields, fields);
  }),
  withAliases("refuses a bad target or name, and keeps the alias", async (store, aliases) => {
    await twoCollections(store, aliases);
    const refused = [
      [{ name: "live", collection: "missing" }, "not_found"],
      [{ name: "second", collection: "live" }, "is_alias"],
      [{ name: "live", collection: "live" }, "is_alias"],
      [{ name: "new", collection: "old" }, "name_taken"],
      [{ name: "../x", collection: "old" }, "invalid_configuration"],
      [{ name: "live", collection: ".." }, "invalid_configuration"],
    ] as const;
    for (const [alias, code] of refused)
      await assert.rejects(aliases.set(alias), withCode(code), `${alias.name} → ${alias.collection}`);
    await assert.rejects(aliases.delete("a/b"), withCode("invalid_configuration"));
    assert.deepEqual(await aliases.list(), [{ name: "live", collection: "old" }]);
  }),
  withAliases("refuses to delete a collection by an alias", async (store, aliases) => {
    await twoCollections(store, aliases);
    await assert.rejects(store.deleteCollection("live"), withCode("is_alias"));
    assert.equal(await store.collection("old").count(), 1);
  }),
  withAliases("deletes the aliases of a deleted collection", async (store, aliases) => {
    await twoCollections(store, aliases);
    const live = store.collection("live");
    await live.count();
    assert.equal(await store.deleteCollection("old"), true);
    assert.deepEqual(await aliases.list(), []);
    await assert.rejects(live.count(), withCode("not_found"));
    await aliases.set({ name: "live", collection: "new" });
    assert.equal(await live.count(), 2);
  }),
  withAliases("keeps tenants apart through an alias", async (store, aliases) => {
    await store.ensureCollection({ ...DOCS, tenancy: "required" });
    await aliases.set({ name: "live", collection: "docs" });
    await store.collection("live", { tenant: "a" }).write([upsert(1)]);
    assert.equal(await store.collection("docs", { tenant: "a" }).count(), 1);
    assert.equal(await store.collection("live", { tenant: "b" }).count(), 0);
    await assert.rejects(store.collection("live").count(), withCode("tenant_required"));
  }),
  withAliases("rejects every alias call that is aborted, and after close", async (store, aliases) => {
    await docs(store);
    const calls = (signal?: AbortSignal) => ({
      list: () => aliases.list({ signal }),
      set: () => aliases.set({ name: "live", collection: "docs" }, { signal }),
      delete: () => aliases.delete("live", { signal }),
    });
    const reason = new Error("enough");
    for (const [name, call] of Object.entries(calls(AbortSignal.abort(reason))))
      await assert.rejects(call(), (error) => error === reason, name);
    assert.deepEqual(await aliases.list(), []);
    await store.close();
    for (const [name, call] of Object.entries(calls()))
      await assert.rejects(call(), withCode("closed"), name);
  }),
];
