import assert from "node:assert/strict";
import type { Collection } from "../../spec/collection.ts";
import type { Leg } from "../../spec/search.ts";
import type { VectorStore } from "../../spec/vector-store.ts";
import {
  denseLeg,
  docs,
  hybridUpsert,
  numbersOf,
  sparse,
  sparseLeg,
  upsert,
  type StorePromise,
} from "./contract-points.ts";
import { assertHits, assertNear, idf } from "./near.ts";
import { hybridDocs, hybridSpec, withSparse } from "./needs.ts";

// Directions in degrees: by the first leg 1, 2, 3, 4; by the second 5, 4, 3. 6 is far from both.
/** Directions of the points of {@link directions}, in degrees. */
export const DEGREES = [5, 10, 15, 20, 25, 180] as const;
/** Finds 1, 2, 3, 4. */
export const FIRST: Leg = denseLeg([1, 0, 0], { limit: 4 });
/** Finds 5, 4, 3. */
export const SECOND: Leg = denseLeg(direction(25), { limit: 3 });

/** Returns the vector of a direction. */
export function direction(degrees: number): readonly number[] {
  const angle = (degrees * Math.PI) / 180;
  return [Math.cos(angle), Math.sin(angle), 0];
}

/** Returns the cosine of two directions that differ by some degrees. */
export function cosineOf(degrees: number): number {
  return Math.cos((degrees * Math.PI) / 180);
}

/** Creates points 1 to 6 in the directions of {@link DEGREES}. */
export async function directions(store: VectorStore): Promise<Collection> {
  const collection = await docs(store);
  await collection.write(DEGREES.map((degrees, i) => upsert(i + 1, { dense: direction(degrees) })));
  return collection;
}

/** Promises about searches with several legs. */
export const fusionPromises: readonly StorePromise[] = [
  [
    "fuses several legs by reciprocal rank, by default with k 60 and equal weights",
    async (store) => {
      const collection = await directions(store);
      assertHits(await collection.search({ legs: [FIRST, SECOND], limit: 9 }), [
        [4, 1 / 64 + 1 / 62],
        [3, 1 / 63 + 1 / 63],
        [1, 1 / 61],
        [5, 1 / 61],
        [2, 1 / 62],
      ]);
    },
  ],
  [
    "uses the given k and weights",
    async (store) => {
      const collection = await directions(store);
      const fusion = { kind: "rrf", k: 1, weights: [3, 1] } as const;
      assertHits(await collection.search({ legs: [FIRST, SECOND], limit: 9, fusion }), [
        [1, 3 / 2],
        [2, 3 / 3],
        [3, 3 / 4 + 1 / 4],
        [4, 3 / 5 + 1 / 3],
        [5, 1 / 2],
      ]);
    },
  ],
  [
    "explains each hit by rank and score in every leg, and undefined for a leg that did not find it",
    async (store) => {
      const collection = await directions(store);
      const hits = await collection.search({ legs: [FIRST, SECOND], limit: 9, explain: true });
      const ranks = new Map(
        hits.map(({ id, legs }) => [numbersOf([{ id }])[0], legs?.map((leg) => leg?.rank)]),
      );
      assert.deepEqual(
        [1, 2, 3, 4, 5].map((n) => ranks.get(n)),
        [
          [1, undefined],
          [2, undefined],
          [3, 3],
          [4, 2],
          [undefined, 1],
        ],
      );
      const fourth = hits.find(({ id }) => numbersOf([{ id }])[0] === 4);
      const cosine = (degrees: number): number => Math.cos((degrees * Math.PI) / 180);
      assertNear(
        fourth?.legs?.map((leg) => leg?.score ?? NaN),
        [cosine(20), cosine(5)],
        1e-5,
      );
    },
  ],
  [
    "explains hits of a single leg by rank and score, counted before the offset",
    async (store) => {
      const collection = await directions(store);
      const hits = await collection.search({ legs: [SECOND], limit: 2, offset: 1, explain: true });
      assert.deepEqual(numbersOf(hits), [4, 3]);
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
    "applies each leg's limit and minScore before fusion, and limit and offset after it",
    async (store) => {
      const collection = await directions(store);
      const legs = [
        denseLeg([1, 0, 0], { limit: 2 }),
        denseLeg(direction(25), { minScore: Math.cos((7 * Math.PI) / 180) }),
      ] as const;
      const fusion = { kind: "rrf", weights: [1, 0.9] } as const;
      assert.deepEqual(numbersOf(await collection.search({ legs, limit: 9, fusion })), [1, 2, 5, 4]);
      assert.deepEqual(numbersOf(await collection.search({ legs, limit: 2, offset: 1, fusion })), [2, 5]);
    },
  ],
  [
    "applies the filter to every leg",
    async (store) => {
      const collection = await directions(store);
      const legs = [denseLeg([1, 0, 0], { limit: 1 }), denseLeg(direction(25), { limit: 1 })] as const;
      assertHits(await collection.search({ legs, limit: 9, filter: { year: { $in: [2002, 2004] } } }), [
        [2, 1 / 61],
        [4, 1 / 61],
      ]);
    },
  ],
  withSparse("fuses a dense and a sparse leg, and explains the score of each", async (store) => {
    const collection = await hybridDocs(store);
    await collection.write(
      DEGREES.map((degrees, i) => {
        const terms = i < 2 ? { 60: 1 } : { 50: i };
        return hybridUpsert(i + 1, sparse(terms), { dense: direction(degrees) });
      }),
    );
    const legs = [FIRST, sparseLeg({ 50: 1 }, { limit: 2 })] as const;
    const hits = await collection.search({ legs, limit: 9, explain: true });
    assertHits(hits, [
      [1, 1 / 61],
      [6, 1 / 61],
      [2, 1 / 62],
      [5, 1 / 62],
      [3, 1 / 63],
      [4, 1 / 64],
    ]);
    const factor = (await hybridSpec(store)).sparse.idf === "none" ? 1 : idf(6, 4);
    assertNear([hits[1]?.legs?.[1]?.score ?? NaN], [5 * factor], 1e-5);
  }),
];
