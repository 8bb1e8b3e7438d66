import assert from "node:assert/strict";
import { ConfigurationError } from "../../errors/configuration-error.ts";
import type { Collection, ScanOptions } from "../../spec/collection.ts";
import { collect, numbersOf, type StorePromise } from "./contract-points.ts";
import { pointsOf, typedDocs, withFeature } from "./features.ts";

async function ordered(
  collection: Collection,
  field: string,
  direction: "ascending" | "descending",
  options: ScanOptions = {},
): Promise<readonly number[]> {
  return numbersOf(await collect(collection.scan({ ...options, orderBy: { field, direction } })));
}

/** Promises about scans in the order of a field. */
export const orderedScanPromises: readonly StorePromise[] = [
  withFeature(
    "orderBy",
    "scans in the order of a field, ties by id, points without it last",
    async (store) => {
      const collection = await typedDocs(store);
      const years = [2003, 2001, undefined, 2003, 2002, 2001, null, -5];
      await collection.write(pointsOf(years.map((year) => (year === undefined ? {} : { year }))));
      for (const pageSize of [1, 2, 3, 100]) {
        assert.deepEqual(
          await ordered(collection, "year", "ascending", { pageSize }),
          [8, 2, 6, 5, 1, 4, 3, 7],
        );
        assert.deepEqual(
          await ordered(collection, "year", "descending", { pageSize }),
          [1, 4, 5, 2, 6, 8, 3, 7],
        );
      }
      const filter = { year: { $gte: 2002 } };
      assert.deepEqual(await ordered(collection, "year", "ascending", { filter, pageSize: 2 }), [5, 1, 4]);
      const some = { documentId: "document-4", includeVectors: true };
      const [point] = await collect(
        collection.scan({ ...some, orderBy: { field: "year", direction: "ascending" } }),
      );
      assert.deepEqual([point?.chunk.documentId, point?.dense?.length], ["document-4", 3]);
    },
  ),
  withFeature("orderBy", "orders floats as numbers and datetimes as instants", async (store) => {
    const collection = await typedDocs(store);
    await collection.write(
      pointsOf([
        { rating: 10, seen: "2026-03-01T12:00:00+02:00" },
        { rating: -0.5, seen: "2026-03-01T11:00:00Z" },
        { rating: 9.25, seen: "2026-03-01" },
        { rating: 9.250000001, seen: "2026-03-01T10:59:59.999999Z" },
        { rating: 1e300, seen: "1969-12-31T23:59:59.5Z" },
      ]),
    );
    for (const pageSize of [1, 2, 100]) {
      assert.deepEqual(await ordered(collection, "rating", "ascending", { pageSize }), [2, 3, 4, 1, 5]);
      assert.deepEqual(await ordered(collection, "seen", "ascending", { pageSize }), [5, 3, 1, 4, 2]);
      assert.deepEqual(await ordered(collection, "seen", "descending", { pageSize }), [2, 4, 1, 3, 5]);
    }
  }),
  withFeature(
    "orderBy",
    "yields a point with an array once, by its first element in the order",
    async (store) => {
      const collection = await typedDocs(store);
      await collection.write(pointsOf([{ year: [5, 1] }, { year: 3 }, { year: [] }, { year: [4, 2, 2] }]));
      for (const pageSize of [1, 2, 100]) {
        assert.deepEqual(await ordered(collection, "year", "ascending", { pageSize }), [1, 4, 2, 3]);
        assert.deepEqual(await ordered(collection, "year", "descending", { pageSize }), [1, 4, 2, 3]);
      }
    },
  ),
  withFeature("orderBy", "refuses an order by a field without one", async (store) => {
    const collection = await typedDocs(store);
    for (const field of ["owner", "kind", "body", "open", "__proto__"])
      await assert.rejects(ordered(collection, field, "ascending"), (error) => {
        assert.ok(ConfigurationError.isInstance(error), String(error));
        assert.match(error.message, new RegExp(`${field}.*year, rating, seen`));
        return true;
      });
    const orderBy = JSON.parse('{"field": "year", "direction": "up"}');
    await assert.rejects(collect(collection.scan({ orderBy })), ConfigurationError);
  }),
];
