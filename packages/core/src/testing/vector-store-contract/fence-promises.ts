import assert from "node:assert/strict";
import { FencedError } from "../../errors/fenced-error.ts";
import { ConfigurationError } from "../../errors/configuration-error.ts";
import { UnsupportedError } from "../../errors/unsupported-error.ts";
import type { VectorStore } from "../../spec/vector-store.ts";
import { DOCS, docs, idOf, upsert, withCode, type StorePromise } from "./contract-points.ts";

function whereFenced(name: string, body: (store: VectorStore) => Promise<void>): StorePromise {
  return [
    name,
    async (store) => {
      if ((await store.capabilities()).fences === "enforced") return body(store);
      const collection = await docs(store);
      const fence = { sourceId: "source", token: 1 };
      await assert.rejects(collection.write([upsert(1)], { fence }), UnsupportedError);
      await assert.rejects(collection.deleteWhere({ sourceId: "source" }, { fence }), UnsupportedError);
      assert.equal(await collection.count(), 0);
    },
  ];
}

/** What a store promises about fences, or that it refuses them. */
export const fencePromises: readonly StorePromise[] = [
  whereFenced("a writer with an older token is fenced off before anything is written", async (store) => {
    const collection = await docs(store);
    const fenced = (token: number) => ({ fence: { sourceId: "source", token } });
    await collection.write([upsert(1)], fenced(5));
    await collection.write([upsert(2)], fenced(5));
    await collection.write([upsert(3)], fenced(7));
    await assert.rejects(
      collection.write([upsert(4), { type: "delete", id: idOf(1) }], fenced(6)),
      withCode("fenced"),
    );
    await assert.rejects(collection.deleteWhere({ sourceId: "source" }, fenced(6)), withCode("fenced"));
    assert.equal(await collection.count(), 3);
    assert.equal(await collection.deleteWhere({ documentId: "document-1" }, fenced(8)), 1);
    await assert.rejects(collection.write([upsert(4)], fenced(7)), withCode("fenced"));
  }),
  whereFenced("a writer that is fenced off hears of the highest token", async (store) => {
    const collection = await docs(store);
    const fenced = (token: number) => ({ fence: { sourceId: "source", token } });
    await collection.write([], fenced(7));
    const names = (error: unknown): boolean => FencedError.isInstance(error) && error.highestToken === 7;
    await assert.rejects(collection.write([], fenced(6)), names);
    await assert.rejects(collection.write([upsert(1)], fenced(6)), names);
    await assert.rejects(collection.deleteWhere({ sourceId: "source" }, fenced(6)), names);
  }),
  whereFenced("an empty batch registers its token", async (store) => {
    const collection = await docs(store);
    await collection.write([], { fence: { sourceId: "source", token: 9 } });
    const late = collection.write([upsert(1)], { fence: { sourceId: "source", token: 8 } });
    await assert.rejects(late, withCode("fenced"));
  }),
  whereFenced("tokens are remembered per source, and writes without a fence pass", async (store) => {
    const collection = await docs(store);
    await collection.write([upsert(1)], { fence: { sourceId: "one", token: 9 } });
    await collection.write([upsert(2)], { fence: { sourceId: "two", token: 1 } });
    await collection.write([upsert(3)]);
    assert.equal(await collection.count(), 3);
  }),
  whereFenced("tokens are remembered per tenant", async (store) => {
    await store.ensureCollection({ ...DOCS, tenancy: "required" });
    const write = (tenant: string, token: number) =>
      store.collection("docs", { tenant }).write([upsert(1)], { fence: { sourceId: "source", token } });
    await write("a", 9);
    await write("b", 1);
    await assert.rejects(write("a", 8), withCode("fenced"));
  }),
  whereFenced("tokens that are no whole number are refused", async (store) => {
    const collection = await docs(store);
    for (const token of [NaN, -1, 0.5, Infinity])
      await assert.rejects(
        collection.write([upsert(1)], { fence: { sourceId: "s", token } }),
        ConfigurationError,
      );
    assert.equal(await collection.count(), 0);
  }),
];
