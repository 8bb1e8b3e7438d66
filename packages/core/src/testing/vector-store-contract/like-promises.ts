import assert from "node:assert/strict";
import type { Collection } from "../../spec/collection.ts";
import type { LikeLeg, SearchQuery } from "../../spec/search.ts";
import type { VectorStore } from "../../spec/vector-store.ts";
import { denseLeg, docs, idOf, numbersOf, upsert, withCode, type StorePromise } from "./contract-points.ts";
import { QUERY } from "./every-call.ts";
import { assertRefused, withFeature } from "./features.ts";
import { cosineOf, direction } from "./fusion-promises.ts";
import { assertHits, assertNear } from "./near.ts";

const like = (n: readonly number[], unlike?: readonly number[]): LikeLeg => ({
  like: n.map(idOf),
  ...(unlike && { unlike: unlike.map(idOf) }),
});

const search = (collection: Collection, leg: LikeLeg, part: Partial<SearchQuery> = {}) =>
  collection.search({ legs: [leg], limit: 9, ...part });

const squashed = (x: number): number => 0.5 * (1 + x / (1 + Math.abs(x)));

// The direction of each point in degrees. No two seeds are equally far from a point.
const SPREAD = [0, 3, 10, 24, 30, 180];

async function spread(store: VectorStore): Promise<Collection> {
  const collection = await docs(store);
  await collection.write(SPREAD.map((degrees, i) => upsert(i + 1, { dense: direction(degrees) })));
  return collection;
}

/** Promises about searches by stored points. */
export const likePromises: readonly StorePromise[] = [
  withFeature("like", "ranks by the average of stored vectors, without the seeds", async (store) => {
    const collection = await spread(store);
    assertHits(await search(collection, like([1])), [
      [2, cosineOf(3)],
      [3, cosineOf(10)],
      [4, cosineOf(24)],
      [5, cosineOf(30)],
      [6, cosineOf(180)],
    ]);
    assertHits(await search(collection, { ...like([1, 5]), minScore: 0 }, { limit: 2 }), [
      [3, cosineOf(5)],
      [4, cosineOf(9)],
    ]);
    assertHits(await search(collection, { ...like([2, 2]), limit: 1 }), [[1, cosineOf(3)]]);
  }),
  withFeature("like", "averages directions, whatever the length of the vectors", async (store) => {
    const collection = await spread(store);
    await collection.write([upsert(7, { dense: direction(0).map((value) => 1000 * value) })]);
    const [hit] = await search(collection, like([7, 5]));
    assertHits(hit ? [hit] : [], [[3, cosineOf(5)]]);
  }),
  withFeature("like", "turns the average away from `unlike`", async (store) => {
    const collection = await spread(store);
    const [a, b] = [direction(10), direction(0)];
    const wanted = a.map((value, i) => 2 * value - (b[i] ?? 0));
    const expected = await collection.search({ ...QUERY, legs: [denseLeg(wanted)] });
    const hits = await search(collection, like([3], [1]));
    assert.deepEqual(
      numbersOf(hits),
      numbersOf(expected).filter((n) => n !== 3 && n !== 1),
    );
    const scores = new Map(expected.map(({ id, score }) => [id, score]));
    assertNear(
      hits.map(({ score }) => score),
      hits.map(({ id }) => scores.get(id) ?? NaN),
      1e-5,
    );
  }),
  withFeature("like", "ranks by the best seed, and those closer to `unlike` last", async (store) => {
    const collection = await spread(store);
    const best = (leg: LikeLeg): LikeLeg => ({ ...leg, strategy: "best" });
    assertHits(await search(collection, best(like([1, 5]))), [
      [2, squashed(cosineOf(3))],
      [4, squashed(cosineOf(6))],
      [3, squashed(cosineOf(10))],
      [6, squashed(cosineOf(150))],
    ]);
    const turned = [
      [2, squashed(cosineOf(3))],
      [3, squashed(cosineOf(10))],
      [6, -squashed(cosineOf(150))],
      [4, -squashed(cosineOf(6))],
    ] as const;
    assertHits(await search(collection, best(like([1], [5]))), turned);
    assertHits(await search(collection, { ...best(like([1], [5])), minScore: 0 }), turned.slice(0, 2));
  }),
  withFeature("like", "fuses and filters a like-leg, and keeps the seeds out of every leg", async (store) => {
    const collection = await spread(store);
    const legs = [like([1]), denseLeg([1, 0, 0])] as const;
    const hits = await collection.search({ legs, limit: 9, filter: { year: { $lt: 2004 } }, explain: true });
    assertHits(hits, [
      [2, 2 / 61],
      [3, 2 / 62],
    ]);
    assertNear(
      hits[0]?.legs?.map((leg) => leg?.score ?? NaN),
      [cosineOf(3), cosineOf(3)],
      1e-5,
    );
  }),
  withFeature(
    "like",
    "refuses seeds that are missing, too few, too many or without direction",
    async (store) => {
      const collection = await spread(store);
      for (const leg of [like([99]), like([1], [99]), { like: ["no id"] }, { like: [""] }])
        await assert.rejects(search(collection, leg), withCode("not_found"), JSON.stringify(leg));
      await collection.write([upsert(8, { dense: [-1, 0, 0] }), upsert(9, { dense: [1, 0, 0] })]);
      const leg = (json: string): SearchQuery => ({ ...QUERY, legs: [JSON.parse(json)] });
      await assertRefused(collection, [
        ["legs.0.like", { ...QUERY, legs: [like([])] }],
        ["legs.0.like", { ...QUERY, legs: [like(Array.from({ length: 65 }, () => 1))] }],
        ["strategy", { ...QUERY, legs: [like([8, 9])] }],
        ["legs.0.strategy", leg('{"like": ["a"], "strategy": "worst"}')],
        ["legs.0", leg('{"unlike": ["a"]}')],
        ["legs.0", { ...QUERY, legs: [{ ...like([1]), ...denseLeg([1, 0, 0]) }] }],
        ["`like`", { ...QUERY, legs: [{ ...denseLeg([1, 0, 0]), ...JSON.parse('{"strategy": "best"}') }] }],
      ]);
    },
  ),
];
