import assert from "node:assert/strict";
import { ConfigurationError } from "../../errors/configuration-error.ts";
import type { Collection } from "../../spec/collection.ts";
import type { Filter } from "../../spec/filter.ts";
import type { Metadata, MetadataFields } from "../../spec/metadata.ts";
import type { VectorStore } from "../../spec/vector-store.ts";
import { badFilters, filterRows } from "./filter-rows.ts";
import {
  collect,
  denseLeg,
  docs,
  numbersOf,
  outsideFilter,
  scanned,
  upsert,
  type StorePromise,
} from "./contract-points.ts";

// Object literals cannot have an own key `__proto__`, so JSON.parse creates these.
const FIELDS: MetadataFields = JSON.parse(`{
  "kind": "keyword", "tags": "keyword", "year": "integer", "price": "float", "draft": "boolean", "at": "datetime",
  "title": "text", "constructor": "keyword", "__proto__": "keyword"
}`);

const POINTS: readonly Metadata[] = [
  {
    kind: "guide",
    year: 2019,
    price: 1.5,
    draft: false,
    at: "2024-01-01T00:00:00Z",
    tags: ["a", "b"],
    title: "The Quick brown Fox",
  },
  {
    kind: "api",
    year: 2020,
    price: 2,
    draft: true,
    at: "2024-01-01T02:00:00+02:00",
    tags: ["b", "c"],
    title: "quick tests",
  },
  { kind: null, year: 2021, at: "2024-06-30", tags: [], title: ["brown bear", "red fox"] },
  {},
  { kind: "Guide", year: [2018, 2022], price: -0.5, at: "2023-12-31T23:59:59.999Z", tags: [null, "a"] },
  JSON.parse('{"constructor": "own", "__proto__": "own"}'),
];

async function filtered(store: VectorStore): Promise<Collection> {
  const collection = await docs(store, { fields: FIELDS });
  const { failures } = await collection.write(POINTS.map((metadata, i) => upsert(i + 1, { metadata })));
  assert.equal(failures.size, 0);
  return collection;
}

async function assertFinds(
  collection: Collection,
  filter: Filter,
  expected: readonly number[],
): Promise<void> {
  const message = JSON.stringify(filter);
  assert.equal(await collection.count({ filter }), expected.length, message);
  assert.deepEqual(await scanned(collection, { filter }), expected, message);
  const hits = await collection.search({ legs: [denseLeg([1, 0, 0])], limit: 9, filter });
  assert.deepEqual(numbersOf(hits), expected, message);
}

/** Promises about filters. */
export const filterPromises: readonly StorePromise[] = [
  ...filterRows.map(([theme, rows]): StorePromise => [
    `filters: ${theme}`,
    async (store) => {
      const collection = await filtered(store);
      for (const [filter, expected] of rows) await assertFinds(collection, filter, expected);
    },
  ]),
  [
    "filters: matches fields called __proto__ and constructor only by their own values",
    async (store) => {
      const collection = await filtered(store);
      await assertFinds(collection, outsideFilter('{"__proto__": "own"}'), [6]);
      await assertFinds(collection, outsideFilter('{"__proto__": {"$exists": false}}'), [1, 2, 3, 4, 5]);
      await assertFinds(collection, outsideFilter('{"constructor": {"$exists": true}}'), [6]);
      await assertFinds(collection, outsideFilter('{"constructor": {"$ne": "own"}}'), [1, 2, 3, 4, 5]);
    },
  ],
  [
    "filters: refuses invalid filters with every issue and its path, in all calls with a filter",
    async (store) => {
      const collection = await filtered(store);
      for (const [json, paths] of badFilters) {
        const filter = outsideFilter(json);
        const refused = (error: unknown): boolean => {
          assert.ok(ConfigurationError.isInstance(error), json);
          assert.deepEqual(
            error.issues.map(({ path }) => path),
            paths,
          );
          return true;
        };
        await assert.rejects(collection.count({ filter }), refused, json);
        await assert.rejects(collect(collection.scan({ filter })), refused, json);
        await assert.rejects(collection.deleteWhere({ filter }), refused, json);
        await assert.rejects(
          collection.search({ legs: [denseLeg([1, 0, 0])], limit: 1, filter }),
          refused,
          json,
        );
      }
      assert.equal(await collection.count(), POINTS.length);
    },
  ],
  [
    "filters: refuses a condition whose value is undefined, and selects all points without a filter",
    async (store) => {
      const collection = await filtered(store);
      const missing: string | undefined = [].at(0);
      for (const [filter, path] of [
        [{ kind: missing }, "filter.kind"],
        [{ kind: { $eq: missing } }, "filter.kind.$eq"],
        [{ year: { $gte: 2000, $lt: missing } }, "filter.year.$lt"],
        [{ $and: [{ kind: { $in: missing } }] }, "filter.$and.0.kind.$in"],
        [{ $not: missing }, "filter.$not"],
        [{ kind: { $nin: Object.assign([], { length: 1 }) } }, "filter.kind.$nin.0"],
      ] as const) {
        // A compiler without exactOptionalPropertyTypes accepts this.
        const given = Object.assign<Filter, object>({}, filter);
        const refused = (error: unknown): boolean => {
          assert.ok(ConfigurationError.isInstance(error));
          assert.deepEqual(
            error.issues.map(({ path: at }) => at),
            [path],
          );
          return true;
        };
        await assert.rejects(collection.count({ filter: given }), refused);
        await assert.rejects(collection.deleteWhere({ filter: given }), refused);
        await assert.rejects(
          collection.search({ legs: [denseLeg([1, 0, 0])], limit: 1, filter: given }),
          refused,
        );
      }
      assert.equal(await collection.count({ filter: undefined }), POINTS.length);
    },
  ],
  [
    "filters: refuses conditions that only a class or a prototype holds",
    async (store) => {
      const collection = await filtered(store);
      // A class with getters has such properties.
      const inherited: Filter = Object.create({ kind: "guide" });
      const condition: Filter[string] = Object.create({ $eq: "guide" });
      const filters: readonly (readonly [filter: Filter, path: string])[] = [
        [inherited, "filter"],
        [{ $and: [{ year: 2019 }, inherited] }, "filter.$and.1"],
        [{ kind: condition }, "filter.kind"],
      ];
      for (const [filter, path] of filters) {
        const refused = (error: unknown): boolean =>
          ConfigurationError.isInstance(error) && error.issues.every((issue) => issue.path === path);
        await assert.rejects(collection.count({ filter }), refused);
        await assert.rejects(collect(collection.scan({ filter })), refused);
        await assert.rejects(collection.deleteWhere({ filter }), refused);
        await assert.rejects(collection.search({ legs: [denseLeg([1, 0, 0])], limit: 1, filter }), refused);
      }
      assert.equal(await collection.count(), POINTS.length);
    },
  ],
  [
    "filters: applies the filter of a selector or a query that is an instance of a class",
    async (store) => {
      const collection = await filtered(store);
      class Guides {
        readonly legs = [denseLeg([1, 0, 0])] as const;
        readonly limit = 9;
        get filter(): Filter {
          return { kind: "guide" };
        }
      }
      class GuideSelector {
        get filter(): Filter {
          return { kind: "guide" };
        }
      }
      assert.deepEqual(numbersOf(await collection.search(new Guides())), [1]);
      assert.equal(await collection.count(new GuideSelector()), 1);
      assert.equal(await collection.deleteWhere(new GuideSelector()), 1);
      assert.equal(await collection.count(), POINTS.length - 1);
    },
  ],
  [
    "filters: refuses too many conditions, too deep groups and too long lists",
    async (store) => {
      const collection = await filtered(store);
      const deep = `${'{"$not":'.repeat(40)}{"kind":"guide"}${"}".repeat(40)}`;
      const wide = JSON.stringify({ $or: Array.from({ length: 10_000 }, () => ({ kind: "x" })) });
      const long = JSON.stringify({ kind: { $in: Array.from({ length: 20_000 }, () => "x") } });
      for (const json of [deep, wide, long])
        await assert.rejects(collection.count({ filter: outsideFilter(json) }), ConfigurationError);
      const fine = { kind: { $in: [...Array.from({ length: 1000 }, (_, i) => `x${i}`), "guide"] } };
      assert.equal(await collection.count({ filter: fine }), 1);
    },
  ],
];
