import assert from "node:assert/strict";
import { ConfigurationError } from "../../errors/configuration-error.ts";
import { UnsupportedError } from "../../errors/unsupported-error.ts";
import type { Collection } from "../../spec/collection.ts";
import type { Metric } from "../../spec/collection-spec.ts";
import type { Hit, SearchQuery } from "../../spec/search.ts";
import type { VectorStore } from "../../spec/vector-store.ts";
import {
  chunkOf,
  denseLeg,
  denseUpsert,
  docs,
  idOf,
  numberOf,
  numbersOf,
  sparseLeg,
  sparseUpsert,
  upsert,
  withCode,
  type StorePromise,
} from "./contract-points.ts";

/** Asserts numbers and scores, best first; scores within float32. */
export function assertHits(
  hits: readonly Hit[],
  expected: readonly (readonly [n: number, score: number])[],
): void {
  assert.deepEqual(
    numbersOf(hits),
    expected.map(([n]) => n),
  );
  assertNear(
    hits.map(({ score }) => score),
    expected.map(([, score]) => score),
  );
}

/** Asserts numbers within float32. */
export function assertNear(numbers: readonly number[], expected: readonly number[]): void {
  assert.equal(numbers.length, expected.length);
  numbers.forEach((number, i) => {
    const wanted = expected[i] ?? NaN;
    assert.ok(Math.abs(number - wanted) <= 1e-5 * Math.max(1, Math.abs(wanted)), `${number}, not ${wanted}`);
  });
}

/** `ln(1 + (N − n + 0.5) / (n + 0.5))` */
export function idf(total: number, containing: number): number {
  return Math.log(1 + (total - containing + 0.5) / (containing + 0.5));
}

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
  await collection.write(VECTORS.map((vector, i) => denseUpsert(i + 1, vector)));
  return collection;
}

async function lexical(store: VectorStore, idfKind: "bm25" | "none"): Promise<Collection> {
  await store.ensureCollection({
    name: "lexical",
    sparse: { encoderId: "encoder", idf: idfKind },
    fields: { kind: "keyword" },
  });
  const collection = store.collection("lexical");
  const { failures } = await collection.write([
    sparseUpsert(1, { 1: 1, 2: 2 }, { kind: "a" }),
    sparseUpsert(2, { 1: 0.5 }, { kind: "b" }),
    sparseUpsert(3, { 2: 1, 3: 4 }, { kind: "a" }),
    sparseUpsert(4, { 9: 1 }, { kind: "b" }),
  ]);
  assert.equal(failures.size, 0);
  return collection;
}

/** What a store promises about searching by one leg. */
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
    "minScore drops what is below it, and 0 is a threshold like any other",
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
    "limit and offset page through one ranking, beyond its end there is nothing",
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
    "a leg's own limit bounds what it contributes",
    async (store) => {
      const collection = await docs(store);
      await collection.write([1, 2, 3, 4].map((n) => upsert(n)));
      const hits = await collection.search({ legs: [denseLeg([1, 0, 0], { limit: 2 })], limit: 4 });
      assert.deepEqual(numbersOf(hits), [1, 2]);
    },
  ],
  [
    "equal scores are ordered by id, also where they decide who is in",
    async (store) => {
      const collection = await docs(store);
      await collection.write([5, 3, 8, 1, 9, 2].map((n) => upsert(n, { dense: [2, 2, 1] })));
      const dense = await collection.search({ legs: [denseLeg([1, 0, 0])], limit: 4 });
      assert.deepEqual(numbersOf(dense), [1, 2, 3, 5]);
      const lexically = await collection.search({ legs: [sparseLeg({ 1: 1 })], limit: 4 });
      assert.deepEqual(numbersOf(lexically), [1, 2, 3, 5]);
    },
  ],
  [
    "a sparse score is the sum of query weight × stored weight × IDF over shared terms",
    async (store) => {
      const collection = await lexical(store, "bm25");
      const hits = await collection.search({ legs: [sparseLeg({ 1: 1, 2: 0.5, 3: 1 })], limit: 9 });
      assertHits(hits, [
        [3, 0.5 * idf(4, 2) + 4 * idf(4, 1)],
        [1, idf(4, 2) + 0.5 * 2 * idf(4, 2)],
        [2, 0.5 * idf(4, 2)],
      ]);
    },
  ],
  [
    "with idf none a sparse score is the plain inner product",
    async (store) => {
      const collection = await lexical(store, "none");
      const hits = await collection.search({ legs: [sparseLeg({ 1: 1, 3: 0.25 })], limit: 9 });
      assertHits(hits, [
        [1, 1],
        [3, 1],
        [2, 0.5],
      ]);
    },
  ],
  [
    "IDF counts every point before the filter, and follows deletes and updates",
    async (store) => {
      const collection = await lexical(store, "bm25");
      const query = { legs: [sparseLeg({ 1: 1 })], limit: 9 } as const satisfies SearchQuery;
      assertHits(await collection.search({ ...query, filter: { kind: "b" } }), [[2, 0.5 * idf(4, 2)]]);
      await collection.write([{ type: "delete", id: idOf(1) }]);
      assertHits(await collection.search(query), [[2, 0.5 * idf(3, 1)]]);
      await collection.write([sparseUpsert(4, { 1: 2 }), sparseUpsert(2, { 7: 1 })]);
      assertHits(await collection.search(query), [[4, 2 * idf(3, 1)]]);
    },
  ],
  [
    "term statistics are those of the scores, in the order asked, for terms that nothing has too",
    async (store) => {
      const collection = await lexical(store, "bm25");
      const { points, terms } = await collection.termStatistics(Uint32Array.of(3, 77, 1, 3));
      assert.equal(points, 4);
      assertNear(
        terms.map((term) => term.idf),
        [1, 0, 2, 1].map((containing) => idf(4, containing)),
      );
      for (const [i, { containing }] of terms.entries())
        if (containing !== undefined) assert.equal(containing, [1, 0, 2, 1][i]);
      assert.deepEqual((await collection.termStatistics(new Uint32Array())).terms, []);
    },
  ],
  [
    "sparse hits score above 0 and obey minScore; no terms find nothing",
    async (store) => {
      const collection = await lexical(store, "none");
      const search = async (terms: Record<number, number>, minScore?: number): Promise<readonly number[]> =>
        numbersOf(await collection.search({ legs: [sparseLeg(terms, { minScore })], limit: 9 }));
      assert.deepEqual(await search({}), []);
      assert.deepEqual(await search({ 77: 1 }), []);
      assert.deepEqual(await search({ 1: 0 }), []);
      assert.deepEqual(await search({ 1: 1 }, 0), [1, 2]);
      assert.deepEqual(await search({ 1: 1 }, 0.6), [1]);
    },
  ],
  [
    "a hit carries the point as it is now",
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
    "searchMany answers each query as search does, in order",
    async (store) => {
      const collection = await docs(store);
      await collection.write([1, 2, 3, 4, 5].map((n) => upsert(n)));
      const queries: readonly SearchQuery[] = [
        { legs: [denseLeg([0, 1, 0])], limit: 2 },
        { legs: [sparseLeg({ 103: 1 })], limit: 2, explain: true },
        { legs: [denseLeg([1, 0, 0]), sparseLeg({ 104: 1 })], limit: 3 },
        { legs: [denseLeg([1, 0, 0])], limit: 3, filter: { year: 2004 } },
      ];
      const together = await collection.searchMany(queries);
      assert.deepEqual(together, await Promise.all(queries.map((query) => collection.search(query))));
      assert.deepEqual(together.map(numbersOf)[1], [3]);
      assert.deepEqual(await collection.searchMany([]), []);
    },
  ],
  [
    "query vectors with NaN, infinities, zeros only, another length or unsorted terms are refused",
    async (store) => {
      const collection = await docs(store);
      await collection.write([upsert(1)]);
      const uneven = { indices: Uint32Array.of(1, 2), values: Float32Array.of(1) };
      const unsorted = { indices: Uint32Array.of(2, 1), values: Float32Array.of(1, 1) };
      const legs = [
        ...[[NaN, 1, 1], [1, Infinity, 1], [0, 0, 0], [1, 2], [1, 2, 3, 4], []].map((numbers) =>
          denseLeg(numbers),
        ),
        { sparse: uneven },
        { sparse: unsorted },
        sparseLeg({ 1: NaN }),
      ];
      for (const leg of legs)
        await assert.rejects(collection.search({ legs: [leg], limit: 1 }), withCode("invalid_vector"));
      const good = { legs: [denseLeg([1, 0, 0])], limit: 1 } as const satisfies SearchQuery;
      const bad = { legs: [denseLeg([0, 0, 0])], limit: 1 } as const satisfies SearchQuery;
      await assert.rejects(collection.searchMany([good, bad]), withCode("invalid_vector"));
    },
  ],
  [
    "queries that ask for nothing sensible are refused",
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
      await assert.rejects(collection.search({ ...fusion, legs: [leg, leg] }), UnsupportedError);
      const misspelt: SearchQuery = { ...JSON.parse('{"topK": 3}'), legs: [leg], limit: 1 };
      await assert.rejects(collection.search(misspelt), ConfigurationError);
    },
  ],
  [
    "a leg that the collection has no vectors for is refused",
    async (store) => {
      const dense = await metricCollection(store, "cosine");
      await assert.rejects(dense.search({ legs: [sparseLeg({ 1: 1 })], limit: 1 }), ConfigurationError);
      const sparse = await lexical(store, "bm25");
      await assert.rejects(sparse.search({ legs: [denseLeg([1, 0])], limit: 1 }), ConfigurationError);
    },
  ],
];
