import assert from "node:assert/strict";
import { ConfigurationError } from "../../errors/configuration-error.ts";
import type { Collection } from "../../spec/collection.ts";
import type { FacetCount, FacetOptions } from "../../spec/facet.ts";
import type { GroupOptions, HitGroup } from "../../spec/hit-group.ts";
import type { SearchQuery } from "../../spec/search.ts";
import { numbersOf, type StorePromise } from "./contract-points.ts";
import { QUERY } from "./every-call.ts";
import { pointsOf, typedDocs, withFeature } from "./features.ts";

type Pairs = readonly (readonly [value: FacetCount["value"], count: number])[];

/** Calls `facet`, and fails if the collection does not have it. */
export async function facetOf(
  collection: Collection,
  field: string,
  options?: FacetOptions,
): Promise<Pairs | undefined> {
  return (await collection.facet?.(field, options))?.map(({ value, count }) => [value, count]);
}

/** Calls `searchGroups`, and returns undefined if the collection does not have it. */
export async function groupsOf(
  collection: Collection,
  options: GroupOptions,
  part: Partial<SearchQuery> = {},
): Promise<readonly (readonly [HitGroup["value"], readonly number[]])[] | undefined> {
  const groups = await collection.searchGroups?.({ ...QUERY, ...part }, options);
  return groups?.map(({ value, hits }) => [value, numbersOf(hits)]);
}

/** Promises about counts of values and about grouped hits. */
export const facetPromises: readonly StorePromise[] = [
  withFeature("facet", "counts the values of a field, highest first, ties by value", async (store) => {
    const collection = await typedDocs(store);
    await collection.write(
      pointsOf([
        { kind: "b", year: 2001, open: true },
        { kind: ["a", "b", "b"], year: [2, 10], open: false },
        { kind: "c", year: 2, open: true },
        { kind: [], year: 10 },
        {},
        { kind: "c", year: -1 },
      ]),
    );
    assert.deepEqual(await facetOf(collection, "kind"), [
      ["b", 2],
      ["c", 2],
      ["a", 1],
    ]);
    assert.deepEqual(await facetOf(collection, "year"), [
      [2, 2],
      [10, 2],
      [-1, 1],
      [2001, 1],
    ]);
    assert.deepEqual(await facetOf(collection, "open"), [
      [true, 2],
      [false, 1],
    ]);
    assert.deepEqual(await facetOf(collection, "kind", { limit: 1 }), [["b", 2]]);
    assert.deepEqual(await facetOf(collection, "kind", { filter: { year: { $gt: 5 } }, limit: 2 }), [
      ["b", 2],
      ["a", 1],
    ]);
    assert.deepEqual(await facetOf(collection, "kind", { filter: { year: 99 } }), []);
  }),
  withFeature("facet", "counts many values exactly, and follows writes and deletions", async (store) => {
    const collection = await typedDocs(store);
    await collection.write(
      pointsOf(Array.from({ length: 60 }, (_, i) => ({ kind: `k${i % 15}`, year: i % 7 }))),
    );
    assert.deepEqual((await facetOf(collection, "kind"))?.length, 10);
    const all = await facetOf(collection, "kind", { limit: 1_000 });
    assert.deepEqual(new Set(all?.map(([, count]) => count)), new Set([4]));
    assert.equal(all?.length, 15);
    await collection.deleteWhere({ filter: { kind: "k3" } });
    assert.equal((await facetOf(collection, "kind", { limit: 99 }))?.length, 14);
  }),
  withFeature("facet", "orders text values by code point", async (store) => {
    const collection = await typedDocs(store);
    await collection.write(pointsOf(["😀", "\uff5e", "z", "A", "é"].map((kind) => ({ kind }))));
    const values = (await facetOf(collection, "kind"))?.map(([value]) => value);
    assert.deepEqual(values, ["A", "z", "é", "\uff5e", "😀"]);
  }),
  withFeature("facet", "refuses a facet of another type, and invalid options", async (store) => {
    const collection = await typedDocs(store);
    for (const field of ["owner", "body", "rating", "seen", "__proto__"])
      await assert.rejects(facetOf(collection, field), (error) => {
        assert.ok(ConfigurationError.isInstance(error), String(error));
        assert.match(error.message, new RegExp(`${field}.*kind, year, open`));
        return true;
      });
    for (const options of ['{"limit": 0}', '{"limit": 1001}', '{"top": 3}', '{"filter": {"owner": 1}}'])
      await assert.rejects(facetOf(collection, "kind", JSON.parse(options)), ConfigurationError, options);
  }),
  withFeature("groups", "groups the best hits by a field, best group first", async (store) => {
    const collection = await typedDocs(store);
    const kinds = ["b", "a", "b", ["a", "c"], undefined, "b"];
    await collection.write(pointsOf(kinds.map((kind) => (kind === undefined ? {} : { kind }))));
    assert.deepEqual(await groupsOf(collection, { by: "kind", size: 2 }), [
      ["b", [1, 3]],
      ["a", [2, 4]],
      ["c", [4]],
    ]);
    assert.deepEqual(await groupsOf(collection, { by: "kind", size: 1 }, { limit: 1, offset: 1 }), [
      ["a", [2]],
    ]);
    assert.deepEqual(await groupsOf(collection, { by: "kind", size: 9, candidates: 3 }), [
      ["b", [1, 3]],
      ["a", [2]],
    ]);
    const [group] =
      (await collection.searchGroups?.({ ...QUERY, explain: true }, { by: "kind", size: 1 })) ?? [];
    const [hit] = await collection.search({ ...QUERY, explain: true });
    assert.deepEqual(group, { value: "b", hits: [hit] });
    assert.deepEqual(await groupsOf(collection, { by: "year", size: 1 }), []);
  }),
  withFeature("groups", "refuses groups by another type, and invalid options", async (store) => {
    const collection = await typedDocs(store);
    for (const by of ["owner", "body", "rating", "seen"])
      await assert.rejects(groupsOf(collection, { by, size: 1 }), ConfigurationError, by);
    for (const options of [
      '{"size": 0}',
      '{"size": 101}',
      '{"size": 1, "candidates": 1001}',
      '{"size": 1, "of": 1}',
    ])
      await assert.rejects(
        groupsOf(collection, { by: "kind", ...JSON.parse(options) }),
        ConfigurationError,
        options,
      );
    const mmr = { mmr: { diversity: 0.5 } };
    await assert.rejects(groupsOf(collection, { by: "kind", size: 1 }, mmr), ConfigurationError);
    await assert.rejects(groupsOf(collection, { by: "kind", size: 1 }, { limit: 0 }), ConfigurationError);
  }),
];
