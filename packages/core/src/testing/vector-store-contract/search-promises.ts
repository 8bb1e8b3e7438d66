import assert from "node:assert/strict";
import { ConfigurationError } from "../../errors/configuration-error.ts";
import type { Collection } from "../../spec/collection.ts";
import type { Metric } from "../../spec/collection-spec.ts";
import type { Hit, SearchQuery } from "../../spec/search.ts";
import type { VectorStore } from "../../spec/vector-store.ts";
import {
  chunkOf,
  denseLeg,
  docs,
  numberOf,
  numbersOf,
  sparseLeg,
  upsert,
  withCode,
  type StorePromise,
} from "./contract-points.ts";
import { assertHits } from "./near.ts";
import { assertUnsupported, either } from "./needs.ts";

const VECTORS = [
  [2, 0],
  [0, 3],
  [-1, 0],
  [3, 4],
] as const;

const SCORES: Readonly<Record<Metric, readonly (readonly [number, number])[]>> = {
  cosine: [
    [1, 1],
    [4, 0.6],
    [2, 0],
    [3, -1],
  ],
  dot: [
    [4, 6],
    [1, 4],
    [2, 0],
    [3, -2],
  ],
  euclid: [
    [1, 0],
    [3, -3],
    [2, -Math.sqrt(13)],
    [4, -Math.sqrt(17)],
  ],
};

async function metricCollection(store: VectorStore, metric: Metric): Promise<Collection> {
  await store.ensureCollection({ name: metric, dense: { spaceId: "space", dimensions: 2, metric } });
  const collection = store.collection(metric);
  await collection.write(VECTORS.map((vector, i) => upsert(i + 1, { dense: vector })));
  return collection;
}

/** Returns the numbers of four hits out of six points with equal scores. */
async function cutTies(store: VectorStore): Promise<readonly number[]> {
  const collection = await docs(store);
  await collection.write([5, 3, 8, 1, 9, 2].map((n) => upsert(n, { dense: [2, 2, 1] })));
  return numbersOf(await collection.search({ legs: [denseLeg([1, 0, 0])], limit: 4 }));
}

/** Searches 500 points on an arc and returns the nearest ones. */
async function searchMany(store: VectorStore): Promise<{
  readonly hits: readonly Hit[];
  readonly nearest: readonly (readonly [n: number, score: number])[];
}> {
  const collection = await docs(store);
  const angles = Array.from({ length: 500 }, (_, i) => ((i * 211) % 500) / 200);
  await collection.write(
    angles.map((angle, i) => upsert(i + 1, { dense: [Math.cos(angle), Math.sin(angle), 0] })),
  );
  const hits = await collection.search({ legs: [denseLeg([1, 0, 0])], limit: 20 });
  const nearest = angles
    .map((angle, i) => [i + 1, Math.cos(angle)] as const)
    .toSorted(([, a], [, b]) => b - a);
  return { hits, nearest };
}

/** Promises about searches with one leg. */
export const searchPromises: readonly StorePromise[] = [
  [
    "ranks by the collection's metric, higher is better",
    async (store) => {
      for (const metric of (await store.capabilities()).metrics) {
        const collection = await metricCollection(store, metric);
        assertHits(await collection.search({ legs: [denseLeg([2, 0])], limit: 9 }), SCORES[metric]);
      }
    },
  ],
  [
    "drops hits below minScore, and treats 0 as a threshold",
    async (store) => {
      const collection = await metricCollection(store, "cosine");
      const search = (minScore: number): Promise<readonly Hit[]> =>
        collection.search({ legs: [denseLeg([2, 0], { minScore })], limit: 9 });
      assert.deepEqual(numbersOf(await search(0)), [1, 4, 2]);
      assert.deepEqual(numbersOf(await search(0.5)), [1, 4]);
      assert.deepEqual(numbersOf(await search(-2)), [1, 4, 2, 3]);
      assert.deepEqual(numbersOf(await search(1.01)), []);
    },
  ],
  [
    "pages through one ranking by limit and offset, and returns nothing beyond its end",
    async (store) => {
      const collection = await docs(store);
      await collection.write(
        Array.from({ length: 30 }, (_, i) => upsert(i + 1, { dense: [1, (i + 1) / 10, 0] })),
      );
      const page = async (limit: number, offset?: number): Promise<readonly number[]> =>
        numbersOf(await collection.search({ legs: [denseLeg([1, 0, 0])], limit, offset }));
      assert.deepEqual(await page(3), [1, 2, 3]);
      assert.deepEqual(await page(3, 3), [4, 5, 6]);
      assert.deepEqual(await page(5, 28), [29, 30]);
      assert.deepEqual(await page(5, 30), []);
      assert.equal((await page(1000)).length, 30);
    },
  ],
  [
    "limits the hits of a leg by the leg's own limit",
    async (store) => {
      const collection = await docs(store);
      await collection.write([1, 2, 3, 4].map((n) => upsert(n)));
      const hits = await collection.search({ legs: [denseLeg([1, 0, 0], { limit: 2 })], limit: 4 });
      assert.deepEqual(numbersOf(hits), [1, 2]);
    },
  ],
  [
    "orders hits with equal scores by id",
    async (store) => {
      const collection = await docs(store);
      await collection.write([5, 3, 8, 1, 9, 2].map((n) => upsert(n, { dense: [2, 2, 1] })));
      const hits = await collection.search({ legs: [denseLeg([1, 0, 0])], limit: 9 });
      assert.deepEqual(numbersOf(hits), [1, 2, 3, 5, 8, 9]);
    },
  ],
  either(
    "returns the lowest ids among equal scores at the limit, or any of them",
    ({ tieBreak }) => tieBreak === "id",
    {
      yes: async (store) => assert.deepEqual(await cutTies(store), [1, 2, 3, 5]),
      no: async (store) => {
        const numbers = await cutTies(store);
        assert.equal(new Set(numbers).size, 4);
        assert.deepEqual(
          numbers,
          numbers.toSorted((a, b) => a - b),
        );
      },
    },
  ),
  either("searches a large collection exactly, or misses some hits", ({ search }) => search === "exact", {
    yes: async (store) => {
      const { hits, nearest } = await searchMany(store);
      assertHits(hits, nearest.slice(0, 20));
    },
    no: async (store) => {
      const { hits, nearest } = await searchMany(store);
      const found = new Set(numbersOf(hits));
      // The found hits are the exact hits with gaps.
      const expected = nearest.filter(([n]) => found.has(n));
      assert.ok(hits.length > 0 && hits.length <= 20);
      assertHits(hits, expected);
    },
  }),
  [
    "returns the current state of the point in a hit",
    async (store) => {
      const collection = await docs(store);
      await collection.write([upsert(1), upsert(1, { metadata: { kind: "new" } })]);
      const [hit] = await collection.search({ legs: [denseLeg([1, 1, 0])], limit: 1 });
      assert.deepEqual(hit?.chunk, chunkOf(1));
      assert.deepEqual(hit.metadata, { kind: "new" });
      assert.equal(hit.version, (await collection.get([hit.id]))[0]?.version);
      assert.equal(numberOf(hit.id), 1);
      assert.equal(hit.legs, undefined);
    },
  ],
  [
    "returns the result of search for each query of searchMany, in order",
    async (store) => {
      const collection = await docs(store);
      await collection.write([1, 2, 3, 4, 5].map((n) => upsert(n)));
      const queries: readonly SearchQuery[] = [
        { legs: [denseLeg([0, 1, 0])], limit: 2 },
        { legs: [denseLeg([0, 0, 1])], limit: 1, explain: true },
        { legs: [denseLeg([1, 0, 0]), denseLeg([0, 1, 0])], limit: 3 },
        { legs: [denseLeg([1, 0, 0])], limit: 3, filter: { year: 2004 } },
      ];
      const together = await collection.searchMany(queries);
      assert.deepEqual(together, await Promise.all(queries.map((query) => collection.search(query))));
      assert.deepEqual(together.map(numbersOf)[3], [4]);
      assert.deepEqual(await collection.searchMany([]), []);
    },
  ],
  [
    "refuses query vectors with NaN, infinities, only zeros or a wrong length",
    async (store) => {
      const collection = await docs(store);
      await collection.write([upsert(1)]);
      const search = (numbers: readonly number[]): SearchQuery => ({ legs: [denseLeg(numbers)], limit: 1 });
      for (const numbers of [[NaN, 1, 1], [1, Infinity, 1], [0, 0, 0], [1, 2], [1, 2, 3, 4], []])
        await assert.rejects(collection.search(search(numbers)), withCode("invalid_vector"));
      const queries = [search([1, 0, 0]), search([0, 0, 0])];
      await assert.rejects(collection.searchMany(queries), withCode("invalid_vector"));
    },
  ],
  [
    "refuses invalid queries",
    async (store) => {
      const collection = await docs(store);
      const leg = denseLeg([1, 0, 0]);
      const queries: readonly SearchQuery[] = [
        ...[0, -1, 1.5, NaN, Infinity].map((limit): SearchQuery => ({ legs: [leg], limit })),
        ...[-1, 0.5, NaN].map((offset): SearchQuery => ({ legs: [leg], limit: 1, offset })),
        { legs: [{ ...leg, limit: 0 }], limit: 1 },
        { legs: [{ ...leg, minScore: NaN }], limit: 1 },
        { legs: [{ ...leg, ...sparseLeg({ 1: 1 }) }], limit: 1 },
        { legs: [leg, leg], limit: 1, fusion: { kind: "rrf", weights: [1] } },
        { legs: [leg, leg], limit: 1, fusion: { kind: "rrf", weights: [1, -1] } },
        { legs: [leg, leg], limit: 1, fusion: { kind: "rrf", k: -1 } },
      ];
      for (const query of queries) await assert.rejects(collection.search(query), ConfigurationError);
      const noLegs: SearchQuery = JSON.parse('{"legs": [], "limit": 1}');
      await assert.rejects(collection.search(noLegs), ConfigurationError);
      const fusion: SearchQuery = JSON.parse('{"limit": 1, "fusion": {"kind": "of tomorrow"}}');
      await assertUnsupported(collection.search({ ...fusion, legs: [leg, leg] }), "fusion");
      const misspelt: SearchQuery = { ...JSON.parse('{"topK": 3}'), legs: [leg], limit: 1 };
      await assert.rejects(collection.search(misspelt), ConfigurationError);
    },
  ],
  [
    "refuses a sparse leg if the collection has no sparse vectors",
    async (store) => {
      const collection = await docs(store);
      const search = collection.search({ legs: [sparseLeg({ 1: 1 })], limit: 1 });
      await assert.rejects(search, ConfigurationError);
    },
  ],
];
