import assert from "node:assert/strict";
import type { Collection, Write } from "../../spec/collection.ts";
import type { JsonValue, Metadata } from "../../spec/metadata.ts";
import {
  chunkOf,
  denseLeg,
  docs,
  idOf,
  numbersOf,
  sparse,
  sparseLeg,
  upsert,
  hybridUpsert,
  type StorePromise,
} from "./contract-points.ts";
import { assertNear } from "./near.ts";
import { hybridDocs, withSparse } from "./needs.ts";

/** Returns the codes of a batch's failures by position. */
export async function failureCodes(
  collection: Collection,
  batch: readonly Write[],
): Promise<Record<number, string>> {
  const { failures } = await collection.write(batch);
  return Object.fromEntries(Array.from(failures, ([position, { code }]) => [position, code]));
}

async function versionOf(collection: Collection, n: number): Promise<number | undefined> {
  const [point] = await collection.get([idOf(n)]);
  return point?.version;
}

/** Promises about writes. */
export const writePromises: readonly StorePromise[] = [
  [
    "returns a point as it was written, with its vector",
    async (store) => {
      const collection = await docs(store);
      const chunk = {
        ...chunkOf(1),
        title: "Title",
        uri: "file:///a",
        text: "Größe 显存 🙂\u0000\r\n",
        slot: 7,
      };
      const metadata = {
        kind: ["a", null],
        year: 2001,
        nested: { list: [1, -2.5, "x", [true]], empty: {} },
        ü: "é",
      };
      const write = upsert(1, { metadata, chunk, dense: [3, -4, 0.1] });
      assert.deepEqual(await failureCodes(collection, [write]), {});
      const [point] = await collection.get([idOf(1)], { includeVectors: true });
      assert.deepEqual(point?.chunk, chunk);
      assert.deepEqual(point.metadata, metadata);
      assertNear(point.dense, [3, -4, 0.1]);
      assert.ok(Number.isSafeInteger(point.version) && point.version > 0);
    },
  ],
  withSparse("returns a sparse vector as it was written, even an empty one", async (store) => {
    const collection = await hybridDocs(store);
    const terms = sparse({ 5: 0.25, 4_294_967_295: 2 });
    const batch = [hybridUpsert(1, terms), hybridUpsert(2, sparse({}))];
    assert.deepEqual(await failureCodes(collection, batch), {});
    const [full, empty] = await collection.get([idOf(1), idOf(2)], { includeVectors: true });
    assert.deepEqual(full?.sparse?.indices, terms.indices);
    assertNear(full.sparse.values, terms.values);
    assert.equal(empty?.sparse?.indices.length, 0);
  }),
  [
    "returns no vectors without includeVectors",
    async (store) => {
      const collection = await docs(store);
      await collection.write([upsert(1)]);
      const [point] = await collection.get([idOf(1)]);
      assert.equal(point?.dense, undefined);
      assert.equal(point?.sparse, undefined);
    },
  ],
  [
    "stores and returns copies, so that changes by the caller have no effect",
    async (store) => {
      const collection = await docs(store);
      const metadata: Record<string, JsonValue> = { kind: "guide" };
      const write = upsert(1, { metadata, dense: [1, 0, 0] });
      await collection.write([write]);
      metadata["kind"] = "changed";
      write.dense?.fill(9);
      for (let round = 0; round < 2; round++) {
        const [point] = await collection.get([idOf(1)], { includeVectors: true });
        assert.deepEqual(point?.metadata, { kind: "guide" });
        assertNear(point.dense, [1, 0, 0]);
        point.dense?.fill(7);
      }
      const [hit] = await collection.search({ legs: [denseLeg([1, 0, 0])], limit: 1 });
      assert.ok(Math.abs((hit?.score ?? 0) - 1) < 1e-6);
    },
  ],
  [
    "applies the writes of a batch in order, even to the same point",
    async (store) => {
      const collection = await docs(store);
      const batch: readonly Write[] = [
        upsert(1),
        { type: "patch", id: idOf(1), metadata: { kind: "patched" } },
        upsert(2),
        { type: "delete", id: idOf(2) },
        upsert(3),
        upsert(3, { metadata: { kind: "second" } }),
        { type: "delete", id: idOf(4) },
        upsert(4),
      ];
      assert.deepEqual(await failureCodes(collection, batch), {});
      const points = await collection.get([1, 2, 3, 4].map(idOf));
      assert.deepEqual(
        points.map((point) => point?.metadata["kind"]),
        ["patched", undefined, "second", "guide"],
      );
    },
  ],
  [
    "replaces the whole point by an upsert, so that the old point is not found",
    async (store) => {
      const collection = await docs(store);
      await collection.write([upsert(1, { metadata: { kind: "old" }, chunk: { title: "T" } })]);
      await collection.write([upsert(1, { metadata: { year: 1 }, dense: [0, 0, 1] })]);
      assert.equal(await collection.count({ filter: { kind: "old" } }), 0);
      assert.equal(await collection.count(), 1);
      const [hit] = await collection.search({ legs: [denseLeg([0, 0, 2])], limit: 5 });
      assert.ok(Math.abs((hit?.score ?? 0) - 1) < 1e-6);
      assert.equal(hit?.chunk.title, undefined);
    },
  ],
  withSparse("replaces terms by an upsert, and keeps them searchable after a patch", async (store) => {
    const collection = await hybridDocs(store);
    await collection.write([hybridUpsert(1, sparse({ 7: 1 }))]);
    await collection.write([
      hybridUpsert(1, sparse({ 8: 1 })),
      { type: "patch", id: idOf(1), metadata: { kind: "b" } },
    ]);
    assert.deepEqual(await collection.search({ legs: [sparseLeg({ 7: 1 })], limit: 5 }), []);
    const [hit] = await collection.search({ legs: [sparseLeg({ 8: 1 })], limit: 5 });
    assert.deepEqual(hit?.metadata, { kind: "b" });
  }),
  [
    "changes only the fields of a patch, and keeps the vector searchable",
    async (store) => {
      const collection = await docs(store);
      await collection.write([upsert(1, { dense: [0, 1, 0], metadata: { kind: "a", year: 1 } })]);
      await collection.write([
        { type: "patch", id: idOf(1), chunk: { index: 4, start: 40, end: 50, path: ["New"] } },
        { type: "patch", id: idOf(1), metadata: { kind: "b" } },
      ]);
      const [point] = await collection.get([idOf(1)], { includeVectors: true });
      assert.deepEqual(point?.chunk, { ...chunkOf(1), index: 4, start: 40, end: 50, path: ["New"] });
      assert.deepEqual(point.metadata, { kind: "b" });
      assertNear(point.dense, [0, 1, 0]);
      const query = { legs: [denseLeg([0, 1, 0])], limit: 1, filter: { kind: "b" } } as const;
      assert.deepEqual(numbersOf(await collection.search({ ...query, legs: [denseLeg([0, 1, 0])] })), [1]);
    },
  ],
  [
    "gives a point a new version with every write, and never an earlier one, even after a delete",
    async (store) => {
      const collection = await docs(store);
      const patch = { type: "patch", id: idOf(1), metadata: {} } as const;
      const removal = { type: "delete", id: idOf(1) } as const;
      const versions: (number | undefined)[] = [];
      for (const batch of [[upsert(1)], [upsert(1)], [patch], [removal, upsert(1)], [upsert(1), upsert(1)]]) {
        await collection.write(batch);
        versions.push(await versionOf(collection, 1));
      }
      assert.ok(versions.every((version) => Number.isSafeInteger(version) && (version ?? 0) > 0));
      assert.equal(new Set(versions).size, versions.length);
    },
  ],
  [
    "applies a write with ifVersion only to that version, and with 0 only if there is no point",
    async (store) => {
      const collection = await docs(store);
      const writes: readonly Write[] = [
        upsert(1),
        { type: "patch", id: idOf(1), metadata: {} },
        { type: "delete", id: idOf(1) },
      ];
      const outcome = async (write: Write, ifVersion: number | undefined): Promise<string | undefined> =>
        (await failureCodes(collection, [{ ...write, ifVersion }]))[0];
      assert.equal(await outcome(upsert(1), 1), "version_conflict");
      assert.equal(await outcome(upsert(1), 0), undefined);
      let before = 1;
      for (const write of writes) {
        const version = await versionOf(collection, 1);
        assert.equal(await outcome(write, 0), "version_conflict");
        assert.equal(await outcome(write, before), "version_conflict");
        assert.equal(await outcome(write, version), undefined);
        before = version ?? 0;
      }
      assert.equal(await outcome({ type: "delete", id: idOf(1) }, 0), undefined);
      assert.equal(await collection.count(), 0);
    },
  ],
  [
    "reports a bad write by its position and applies the others",
    async (store) => {
      const collection = await docs(store);
      const codes = await failureCodes(collection, [
        upsert(1),
        upsert(2, { dense: [1, 2] }),
        { type: "patch", id: idOf(9), metadata: {} },
        upsert(3, { metadata: { year: "late" } }),
        upsert(4, { chunk: { spaceId: "another" } }),
        upsert(5, { ifVersion: 3 }),
        { type: "delete", id: idOf(9) },
        upsert(6),
      ]);
      assert.deepEqual(codes, {
        1: "invalid_vector",
        2: "not_found",
        3: "invalid_metadata",
        4: "wrong_space",
        5: "version_conflict",
      });
      assert.equal(await collection.count(), 2);
    },
  ],
  [
    "does nothing for an empty batch, and accepts 2 000 writes in one batch",
    async (store) => {
      const collection = await docs(store);
      assert.equal((await collection.write([])).failures.size, 0);
      const batch = Array.from({ length: 2000 }, (_, i) => upsert(i + 1));
      assert.deepEqual(await failureCodes(collection, batch), {});
      assert.equal(await collection.count(), 2000);
      const points = await collection.get(batch.map(({ id }) => id));
      assert.ok(points.every((point, i) => point?.chunk.text === `passage ${i + 1}`));
    },
  ],
  [
    "lets exactly one of many concurrent writers with ifVersion 0 write",
    async (store) => {
      const collection = await docs(store);
      const writers = Array.from({ length: 20 }, (_, i) =>
        failureCodes(collection, [upsert(1, { ifVersion: 0, metadata: { year: i } })]),
      );
      const codes = await Promise.all(writers);
      assert.equal(codes.filter((code) => code[0] === undefined).length, 1);
      assert.equal(codes.filter((code) => code[0] === "version_conflict").length, 19);
    },
  ],
  [
    "applies all of several concurrent batches as a whole",
    async (store) => {
      const collection = await docs(store);
      const batches = Array.from({ length: 20 }, (_, i) => [1, 2, 3].map((k) => upsert(10 * i + k)));
      await Promise.all(batches.map((batch) => collection.write(batch)));
      assert.equal(await collection.count(), 60);
    },
  ],
  [
    "keeps a metadata key __proto__ like any other key",
    async (store) => {
      const collection = await docs(store);
      const metadata: Metadata = JSON.parse('{"__proto__": {"polluted": true}, "constructor": "c"}');
      assert.deepEqual(await failureCodes(collection, [upsert(1, { metadata })]), {});
      const [point] = await collection.get([idOf(1)]);
      const read = new Map(Object.entries(point?.metadata ?? {}));
      assert.deepEqual(read, new Map(Object.entries(metadata)));
      assert.equal("polluted" in {}, false);
    },
  ],
];
