import assert from "node:assert/strict";
import type { Collection } from "../../spec/collection.ts";
import type { Leg } from "../../spec/search.ts";
import type { VectorStore } from "../../spec/vector-store.ts";
import {
  denseLeg,
  docs,
  numbersOf,
  sparse,
  sparseLeg,
  upsert,
  type StorePromise,
} from "./contract-points.ts";
import { assertHits } from "./search-promises.ts";

// By the dense leg 1, 2, 3, 4; by the sparse leg 4, 3, 5; 6 is below the dense leg's usual threshold.
const DENSE: Leg = denseLeg([1, 0, 0], { minScore: 0 });
const SPARSE: Leg = sparseLeg({ 50: 1 });

async function hybrid(store: VectorStore): Promise<Collection> {
  const collection = await docs(store);
  const draft = (angle: number, weight: number) => ({
    dense: [Math.cos(angle), Math.sin(angle), 0],
    sparse: sparse(weight > 0 ? { 50: weight } : { 60: 1 }),
  });
  await collection.write([
    upsert(1, draft(0.1, 0)),
    upsert(2, draft(0.2, 0)),
    upsert(3, draft(0.3, 2)),
    upsert(4, draft(0.4, 3)),
    upsert(5, draft(2.5, 1)),
    upsert(6, draft(3, 0)),
  ]);
  return collection;
}

/** What a store promises about several legs. */
export const fusionPromises: readonly StorePromise[] = [
  [
    "several legs are fused by reciprocal rank, with k 60 and equal weights unless told otherwise",
    async (store) => {
      const collection = await hybrid(store);
      const hits = await collection.search({ legs: [DENSE, SPARSE], limit: 9 });
      assertHits(hits, [
        [4, 1 / 64 + 1 / 61],
        [3, 1 / 63 + 1 / 62],
        [1, 1 / 61],
        [2, 1 / 62],
        [5, 1 / 63],
      ]);
    },
  ],
  [
    "k and weights are honoured",
    async (store) => {
      const collection = await hybrid(store);
      const fusion = { kind: "rrf", k: 1, weights: [3, 1] } as const;
      assertHits(await collection.search({ legs: [DENSE, SPARSE], limit: 9, fusion }), [
        [1, 3 / 2],
        [4, 3 / 5 + 1 / 2],
        [3, 3 / 4 + 1 / 3],
        [2, 3 / 3],
        [5, 1 / 4],
      ]);
    },
  ],
  [
    "explain tells each hit's rank and score in every leg, and where a leg did not find it",
    async (store) => {
      const collection = await hybrid(store);
      const hits = await collection.search({ legs: [DENSE, SPARSE], limit: 9, explain: true });
      const ranks = hits.map(({ legs }) => legs?.map((leg) => leg?.rank));
      assert.deepEqual(numbersOf(hits), [4, 3, 1, 2, 5]);
      assert.deepEqual(ranks, [
        [4, 1],
        [3, 2],
        [1, undefined],
        [2, undefined],
        [undefined, 3],
      ]);
      const [first] = hits;
      assert.ok(Math.abs((first?.legs?.[0]?.score ?? 0) - Math.cos(0.4)) < 1e-5);
      const idf = Math.log(1 + (6 - 3 + 0.5) / (3 + 0.5));
      assert.ok(Math.abs((first?.legs?.[1]?.score ?? 0) - 3 * idf) < 1e-5);
    },
  ],
  [
    "explain on one leg gives that leg's rank and score, counted before the offset",
    async (store) => {
      const collection = await hybrid(store);
      const hits = await collection.search({ legs: [SPARSE], limit: 2, offset: 1, explain: true });
      assert.deepEqual(numbersOf(hits), [3, 5]);
      assert.deepEqual(
        hits.map(({ legs, score }) => [legs?.length, legs?.[0]?.rank, legs?.[0]?.score === score]),
        [
          [1, 2, true],
          [1, 3, true],
        ],
      );
    },
  ],
  [
    "each leg's limit and minScore cut before fusion, limit and offset after it",
    async (store) => {
      const collection = await hybrid(store);
      const legs = [denseLeg([1, 0, 0], { limit: 2 }), sparseLeg({ 50: 1 }, { minScore: 1 })] as const;
      const hits = await collection.search({ legs, limit: 9 });
      assert.deepEqual(numbersOf(hits), [1, 4, 2, 3]);
      assert.deepEqual(numbersOf(await collection.search({ legs, limit: 2, offset: 1 })), [4, 2]);
    },
  ],
  [
    "a filter holds for every leg",
    async (store) => {
      const collection = await hybrid(store);
      const hits = await collection.search({
        legs: [DENSE, SPARSE],
        limit: 9,
        filter: { year: { $in: [2002, 2005] } },
      });
      assertHits(hits, [
        [2, 1 / 61],
        [5, 1 / 61],
      ]);
    },
  ],
  [
    "two legs of one kind are two rankings",
    async (store) => {
      const collection = await hybrid(store);
      const legs = [denseLeg([1, 0, 0], { limit: 1 }), denseLeg([-1, 0, 0], { limit: 1 })] as const;
      assertHits(await collection.search({ legs, limit: 9 }), [
        [1, 1 / 61],
        [6, 1 / 61],
      ]);
    },
  ],
];
