import assert from "node:assert/strict";
import type { Collection } from "../../spec/collection.ts";
import type { DiscoverLeg, SearchQuery } from "../../spec/search.ts";
import type { VectorStore } from "../../spec/vector-store.ts";
import { docs, idOf, numbersOf, upsert, withCode, type StorePromise } from "./contract-points.ts";
import { QUERY } from "./every-call.ts";
import { assertRefused, withFeature } from "./features.ts";
import { cosineOf, direction } from "./fusion-promises.ts";
import { assertHits } from "./near.ts";

const discover = (
  pairs: readonly (readonly [like: number, unlike: number])[],
  target?: number,
): DiscoverLeg => ({
  discover: pairs.map(([like, unlike]) => ({ like: idOf(like), unlike: idOf(unlike) })),
  ...(target !== undefined && { target: idOf(target) }),
});

const search = (collection: Collection, leg: DiscoverLeg, part: Partial<SearchQuery> = {}) =>
  collection.search({ legs: [leg], limit: 9, ...part });

const sigmoid = (x: number): number => x / (1 + Math.abs(x));
const squashed = (x: number): number => 0.5 * (1 + sigmoid(x));

// The direction of each point in degrees. The pair (1, 2) divides the circle at 30 degrees.
const CIRCLE = [0, 60, 10, 25, 40, 100];

async function circle(store: VectorStore): Promise<Collection> {
  const collection = await docs(store);
  await collection.write(CIRCLE.map((degrees, i) => upsert(i + 1, { dense: direction(degrees) })));
  return collection;
}

/** Returns what a point loses on the wrong side of the pair (1, 2). */
const loss = (degrees: number): number => sigmoid(cosineOf(degrees) - cosineOf(degrees - 60));

/** Promises about searches by pairs of stored points. */
export const discoverPromises: readonly StorePromise[] = [
  withFeature("discover", "ranks by the distance to the right side of a context pair", async (store) => {
    const collection = await circle(store);
    assertHits(await search(collection, discover([[1, 2]])), [
      [3, 0],
      [4, 0],
      [5, loss(40)],
      [6, loss(100)],
    ]);
    assertHits(await search(collection, { ...discover([[2, 1]]), minScore: -1e-6 }), [
      [5, 0],
      [6, 0],
    ]);
  }),
  withFeature("discover", "ranks by regions first, and by the target within a region", async (store) => {
    const collection = await circle(store);
    assertHits(await search(collection, discover([[1, 2]], 6)), [
      [4, 1 + squashed(cosineOf(75))],
      [3, 1 + squashed(cosineOf(90))],
      [5, -1 + squashed(cosineOf(60))],
    ]);
    const hits = await search(
      collection,
      discover(
        [
          [1, 2],
          [2, 1],
        ],
        6,
      ),
    );
    assert.deepEqual(numbersOf(hits), [5, 4, 3]);
  }),
  withFeature(
    "discover",
    "filters, and refuses missing seeds and too few or too many pairs",
    async (store) => {
      const collection = await circle(store);
      const hits = await search(collection, discover([[1, 2]]), { filter: { year: { $lt: 2004 } } });
      assert.deepEqual(numbersOf(hits), [3]);
      for (const leg of [discover([[1, 99]]), discover([[1, 2]], 99)])
        await assert.rejects(search(collection, leg), withCode("not_found"));
      const target: SearchQuery = { ...QUERY, legs: [JSON.parse(`{"like": ["${idOf(1)}"], "target": "a"}`)] };
      await assertRefused(collection, [
        ["legs.0.discover", { ...QUERY, legs: [discover([])] }],
        [
          "legs.0.discover",
          { ...QUERY, legs: [discover(Array.from({ length: 33 }, () => [1, 2] as const))] },
        ],
        ["`target`", target],
      ]);
    },
  ),
];
