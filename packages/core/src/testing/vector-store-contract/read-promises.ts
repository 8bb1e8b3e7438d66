import assert from "node:assert/strict";
import { ConfigurationError } from "../../errors/configuration-error.ts";
import type { PointSelector, StoredPoint } from "../../spec/collection.ts";
import {
  chunkOf,
  collect,
  denseLeg,
  docs,
  idOf,
  numberOf,
  numbersOf,
  outsideFilter,
  scanned,
  upsert,
  type StorePromise,
} from "./contract-points.ts";
import { assertNear } from "./near.ts";

const range = (from: number, to: number): readonly number[] =>
  Array.from({ length: to - from + 1 }, (_, i) => from + i);

/** Promises about reading and selecting points. */
export const readPromises: readonly StorePromise[] = [
  [
    "gets points in the order of the ids, even twice, and undefined for missing ones",
    async (store) => {
      const collection = await docs(store);
      await collection.write([upsert(1), upsert(2)]);
      const points = await collection.get([2, 9, 1, 2].map(idOf));
      assert.deepEqual(
        points.map((point) => point && numberOf(point.id)),
        [2, undefined, 1, 2],
      );
      assert.deepEqual(await collection.get([]), []);
    },
  ],
  [
    "treats a metadata key whose value is undefined as missing",
    async (store) => {
      const collection = await docs(store);
      const { metadata } = upsert(1);
      await collection.write([upsert(1, { metadata: { ...metadata, extra: undefined } })]);
      const [point] = await collection.get([idOf(1)]);
      assert.deepEqual(point?.metadata, metadata);
    },
  ],
  [
    "stores and returns the observed facts of a document",
    async (store) => {
      const collection = await docs(store);
      const observed = { revision: "7", nested: { list: [1, null] } };
      await collection.write([upsert(1, { chunk: { observed } }), upsert(2)]);
      const [first, second] = await collection.get([idOf(1), idOf(2)]);
      assert.deepEqual([first?.chunk.observed, second?.chunk.observed], [observed, undefined]);
      await collection.write([{ type: "patch", id: idOf(1), chunk: { observed: { revision: "8" } } }]);
      assert.deepEqual((await collection.get([idOf(1)]))[0]?.chunk.observed, { revision: "8" });
    },
  ],
  [
    "stores and returns the hash of an image",
    async (store) => {
      const collection = await docs(store);
      const imageHash = "0123456789abcdef".repeat(4);
      await collection.write([upsert(1, { chunk: { imageHash } }), upsert(2)]);
      const [first, second] = await collection.get([idOf(1), idOf(2)]);
      assert.deepEqual([first?.chunk.imageHash, second?.chunk.imageHash], [imageHash, undefined]);
    },
  ],
  [
    "scans every point once, for every page size",
    async (store) => {
      const collection = await docs(store);
      await collection.write([...range(1, 50)].reverse().map((n) => upsert(n)));
      for (const pageSize of [undefined, 1, 7, 50, 51, 1000])
        assert.deepEqual(await scanned(collection, { pageSize }), range(1, 50));
      for (const point of await collect(collection.scan({ includeVectors: true }))) {
        const n = numberOf(point.id);
        assertNear(point.dense, [1, n, 0]);
        assert.deepEqual(point.chunk, chunkOf(n));
      }
    },
  ],
  [
    "finds a point only in its new document after a write moved it",
    async (store) => {
      const collection = await docs(store);
      await collection.write([upsert(1), upsert(2), upsert(3)]);
      await collection.write([
        upsert(1, { chunk: { documentId: "written" } }),
        { type: "patch", id: idOf(2), chunk: { documentId: "patched" } },
        { type: "delete", id: idOf(3) },
      ]);
      const of = async (documentId: string): Promise<readonly number[]> => {
        const numbers = await scanned(collection, { documentId });
        assert.equal(await collection.count({ documentId }), numbers.length);
        return numbers;
      };
      assert.deepEqual(await of("written"), [1]);
      assert.deepEqual(await of("patched"), [2]);
      for (const n of [1, 2, 3]) assert.deepEqual(await of(`document-${n}`), []);
    },
  ],
  [
    "scans nothing, counts 0 and finds nothing in an empty collection",
    async (store) => {
      const collection = await docs(store);
      assert.deepEqual(await collect(collection.scan()), []);
      assert.equal(await collection.count(), 0);
      assert.deepEqual(await collection.search({ legs: [denseLeg([1, 0, 0])], limit: 3 }), []);
      assert.equal(await collection.deleteWhere({ sourceId: "source" }), 0);
    },
  ],
  [
    "scans all points that exist throughout the scan, while others write",
    async (store) => {
      const collection = await docs(store);
      await collection.write(range(1, 40).map((n) => upsert(2 * n)));
      const seen: number[] = [];
      for await (const { id } of collection.scan({ pageSize: 5 })) {
        const n = numberOf(id);
        seen.push(n);
        if (n % 4 === 0) await collection.write([{ type: "delete", id }, upsert(n + 1), upsert(81 - n)]);
      }
      assert.equal(new Set(seen).size, seen.length);
      const throughout = range(1, 40).map((n) => 2 * n);
      assert.deepEqual(
        throughout.filter((n) => !seen.includes(n)),
        [],
      );
    },
  ],
  [
    "allows a scan to be left at any point",
    async (store) => {
      const collection = await docs(store);
      await collection.write(range(1, 10).map((n) => upsert(n)));
      const seen: string[] = [];
      for await (const { id } of collection.scan({ pageSize: 3 })) {
        seen.push(id);
        if (seen.length === 4) break;
      }
      assert.equal(new Set(seen).size, 4);
      assert.equal(await collection.count(), 10);
    },
  ],
  [
    "selects points by source, document and filter together, in count, scan and deleteWhere",
    async (store) => {
      const collection = await docs(store);
      await collection.write(
        range(1, 12).map((n) =>
          upsert(n, {
            chunk: { sourceId: n % 2 ? "odd" : "even", documentId: `d${n % 3}`, index: (n + 2) % 3 },
            metadata: { kind: n > 6 ? "high" : "low" },
          }),
        ),
      );
      const choices = [
        [{}, range(1, 12)],
        [{ sourceId: "odd" }, [1, 3, 5, 7, 9, 11]],
        [{ documentId: "d0" }, [3, 6, 9, 12]],
        [{ sourceId: "odd", documentId: "d0" }, [3, 9]],
        [{ sourceId: "odd", documentId: "d0", filter: { kind: "high" } }, [9]],
        [{ sourceId: "" }, []],
        [{ index: 1 }, [2, 5, 8, 11]],
        [{ index: 0, sourceId: "odd", filter: { kind: "low" } }, [1]],
        [{ index: 9 }, []],
        [{ filter: { $not: { kind: "high" } }, sourceId: "even" }, [2, 4, 6]],
      ] as const;
      for (const [selector, expected] of choices) {
        assert.equal(await collection.count(selector), expected.length);
        assert.deepEqual(await scanned(collection, selector), expected);
      }
      assert.equal(
        await collection.deleteWhere({ sourceId: "odd", documentId: "d0", filter: { kind: "high" } }),
        1,
      );
      assert.equal(await collection.deleteWhere({ documentId: "d0" }), 3);
      assert.equal(await collection.deleteWhere({ documentId: "d0" }), 0);
      assert.deepEqual(await scanned(collection), [1, 2, 4, 5, 7, 8, 10, 11]);
      const hits = await collection.search({ legs: [denseLeg([1, 0, 0])], limit: 50 });
      assert.deepEqual(
        numbersOf(hits).toSorted((a, b) => a - b),
        [1, 2, 4, 5, 7, 8, 10, 11],
      );
    },
  ],
  [
    "counts, scans and deletes by every combination of source, document, index and filter",
    async (store) => {
      const collection = await docs(store);
      const bit = (n: number, position: number): number => (n >> position) & 1;
      const all = range(1, 16).map((n) =>
        upsert(n, {
          chunk: { sourceId: `s${bit(n, 0)}`, documentId: `d${bit(n, 1)}`, index: bit(n, 2) },
          metadata: { kind: `k${bit(n, 3)}` },
        }),
      );
      const conditions: readonly PointSelector[] = [
        { sourceId: "s1" },
        { documentId: "d1" },
        { index: 1 },
        { filter: { kind: "k1" } },
      ];
      for (const combination of range(1, 15)) {
        await collection.write(all);
        const chosen = conditions.filter((_, position) => bit(combination, position) === 1);
        const selector = Object.assign({}, ...chosen);
        const expected = range(1, 16).filter((n) => (n & combination) === combination);
        assert.equal(await collection.count(selector), expected.length);
        assert.deepEqual(await scanned(collection, selector), expected);
        assert.equal(await collection.deleteWhere(selector), expected.length);
        assert.deepEqual(
          await scanned(collection),
          range(1, 16).filter((n) => !expected.includes(n)),
        );
      }
    },
  ],
  [
    "returns the same version, chunk and metadata of a point from get, scan and search",
    async (store) => {
      const collection = await docs(store);
      await collection.write(range(1, 9).map((n) => upsert(n)));
      await collection.write([upsert(1), { type: "patch", id: idOf(2), metadata: { kind: "patched" } }]);
      const facts = (points: readonly (StoredPoint | undefined)[]): readonly unknown[] =>
        points
          .flatMap((point) => point ?? [])
          .map(({ id, version, chunk, metadata }) => ({ id, version, chunk, metadata }))
          .toSorted((a, b) => (a.id < b.id ? -1 : 1));
      const expected = facts(await collection.get(range(1, 9).map(idOf)));
      for (const pageSize of [undefined, 2])
        for (const includeVectors of [false, true])
          assert.deepEqual(facts(await collect(collection.scan({ pageSize, includeVectors }))), expected);
      assert.deepEqual(facts(await collect(collection.scan({ sourceId: "source" }))), expected);
      const query = { legs: [denseLeg([1, 0, 0])], limit: 9 } as const;
      assert.deepEqual(facts(await collection.search(query)), expected);
    },
  ],
  [
    "refuses deleteWhere without a condition, even with an empty filter",
    async (store) => {
      const collection = await docs(store);
      await collection.write([upsert(1)]);
      const everything = [
        '{"$and": [{}]}',
        '{"$not": {"$or": []}}',
        '{"kind": {"$nin": []}}',
        '{"kind": {}}',
        "{}",
      ];
      await assert.rejects(collection.deleteWhere({}), ConfigurationError);
      for (const json of everything)
        await assert.rejects(
          collection.deleteWhere({ filter: outsideFilter(json) }),
          ConfigurationError,
          json,
        );
      assert.equal(await collection.count(), 1);
    },
  ],
  [
    "refuses page sizes that are not whole numbers of at least 1",
    async (store) => {
      const collection = await docs(store);
      for (const pageSize of [0, -1, 1.5, NaN, Infinity, 10_001])
        await assert.rejects(collect(collection.scan({ pageSize })), ConfigurationError);
    },
  ],
];
