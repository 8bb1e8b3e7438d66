import assert from "node:assert/strict";
import type { Boost, SearchQuery } from "../../spec/search.ts";
import { denseLeg, docs, numbersOf, upsert, type StorePromise } from "./contract-points.ts";
import { QUERY } from "./every-call.ts";
import { assertRefused, pointsOf, typedDocs, withFeature } from "./features.ts";
import { cosineOf, DEGREES, direction, directions, FIRST, SECOND } from "./fusion-promises.ts";
import { assertHits, assertNear } from "./near.ts";

/** Scales scores as distribution-based score fusion does, written in another way than the kernel. */
function dbsf(scores: readonly number[]): readonly number[] {
  const mean = scores.reduce((a, b) => a + b) / scores.length;
  const sigma = Math.sqrt(scores.reduce((sum, x) => sum + (x - mean) ** 2, 0) / (scores.length - 1));
  const [low, high] = [mean - 3 * sigma, mean + 3 * sigma];
  return scores.map((score) => (score - low) / (high - low));
}

const bad = (json: string): SearchQuery => ({ ...QUERY, ...JSON.parse(json) });

/** Promises about fusion by scores, boosts, MMR and effort. */
export const rankingPromises: readonly StorePromise[] = [
  withFeature("dbsf", "fuses several legs by the distribution of their scores", async (store) => {
    const collection = await directions(store);
    const first = dbsf([5, 10, 15, 20].map(cosineOf));
    const second = dbsf([0, 5, 10].map(cosineOf));
    const sums = new Map<number, number>();
    first.forEach((score, i) => sums.set(i + 1, score));
    second.forEach((score, i) => sums.set(5 - i, (sums.get(5 - i) ?? 0) + score));
    const expected = [...sums].sort(([, a], [, b]) => b - a);
    const query: SearchQuery = { legs: [FIRST, SECOND], limit: 9, fusion: { kind: "dbsf" }, explain: true };
    const hits = await collection.search(query);
    assert.deepEqual(
      numbersOf(hits),
      expected.map(([n]) => n),
    );
    // The scale divides by small deviations, so rounding of scores shows more.
    assertNear(
      hits.map(({ score }) => score),
      expected.map(([, score]) => score),
      1e-3,
    );
    assert.deepEqual(
      hits.find(({ id }) => numbersOf([{ id }])[0] === 4)?.legs?.map((leg) => leg?.rank),
      [4, 2],
    );
    const single = { limit: 1 };
    const legs = [denseLeg([1, 0, 0], single), denseLeg(direction(25), single)] as const;
    assertHits(await collection.search({ legs, limit: 9, fusion: { kind: "dbsf" } }), [
      [1, 0.5],
      [5, 0.5],
    ]);
    await assertRefused(collection, [
      ["fusion", { ...bad('{"fusion": {"kind": "dbsf", "weights": [1, 2]}}'), legs }],
    ]);
  }),
  withFeature("boost", "adds boosts by filter and by distance to the fused scores", async (store) => {
    const collection = await directions(store);
    const search = (boost: readonly Boost[], part: Partial<SearchQuery> = {}) =>
      collection.search({ legs: [FIRST], limit: 3, boost, ...part });
    assertHits(await search([{ when: { year: { $gte: 2003 } }, add: 1 }]), [
      [3, 1 + cosineOf(15)],
      [4, 1 + cosineOf(20)],
      [1, cosineOf(5)],
    ]);
    assertHits(await search([{ when: { year: 2001 }, add: -1 }], { offset: 2 }), [
      [4, cosineOf(20)],
      [1, cosineOf(5) - 1],
    ]);
    const decay = { target: 2004, halfAt: 2, add: 2 };
    assertHits(await search([{ field: "year", decay }]), [
      [4, cosineOf(20) + 2],
      [3, cosineOf(15) + 2 * 0.5 ** 0.5],
      [2, cosineOf(10) + 1],
    ]);
    assertHits(await search([{ field: "year", decay }], { legs: [FIRST, SECOND] }), [
      [4, 1 / 64 + 1 / 62 + 2],
      [3, 1 / 63 + 1 / 63 + 2 * 0.5 ** 0.5],
      [5, 1 / 61 + 2 * 0.5 ** 0.5],
    ]);
  }),
  withFeature(
    "boost",
    "boosts by the closest of several values, by instants, and not without the field",
    async (store) => {
      const collection = await typedDocs(store);
      await collection.write(
        pointsOf([
          { seen: "2026-03-01T01:00:00+01:00" },
          { seen: ["2026-01-01", "2026-03-03"] },
          {},
          { seen: [] },
        ]),
      );
      const day = 24 * 60 * 60 * 1000;
      const decay = { target: "2026-03-01", halfAt: 2 * day, add: 8 };
      const hits = await collection.search({ ...QUERY, boost: [{ field: "seen", decay }] });
      const plain = new Map((await collection.search(QUERY)).map(({ id, score }) => [id, score]));
      assert.deepEqual(numbersOf(hits), [1, 2, 3, 4]);
      assertNear(
        hits.map(({ id, score }) => score - (plain.get(id) ?? 0)),
        [8, 4, 0, 0],
        1e-5,
      );
    },
  ),
  withFeature("boost", "refuses invalid boosts and names the field", async (store) => {
    const collection = await typedDocs(store);
    const boosted = (...boost: readonly Boost[]): SearchQuery => ({ ...QUERY, boost });
    const decay = { target: 1, halfAt: 1, add: 1 };
    await assertRefused(collection, [
      ["owner", boosted({ field: "owner", decay })],
      ["kind", boosted({ field: "kind", decay })],
      ["boost.0.decay.target", boosted({ field: "year", decay: { ...decay, target: "2026-01-01" } })],
      ["boost.0.decay.target", boosted({ field: "seen", decay: { ...decay, target: "soon" } })],
      ["boost.0.decay.halfAt", boosted({ field: "year", decay: { ...decay, halfAt: 0 } })],
      ["boost.0.add", boosted({ when: {}, add: NaN })],
      ["boost.0: must have either", bad('{"boost": [{"add": 1}]}')],
      ["owner", boosted({ when: { owner: "me" }, add: 1 })],
      ["boost", boosted(...Array.from({ length: 33 }, () => ({ when: {}, add: 1 })))],
    ]);
  }),
  withFeature(
    "mmr",
    "prefers hits that differ from the hits before, and keeps their scores",
    async (store) => {
      const collection = await docs(store);
      const vectors = [
        [0.95, 0.3, 0],
        [0.95, 0.31, 0],
        [0.9, -0.43, 0],
        [0, 0, 1],
      ];
      await collection.write(vectors.map((dense, i) => upsert(i + 1, { dense })));
      const search = (part: Partial<SearchQuery>) => collection.search({ ...QUERY, ...part });
      const plain = await search({});
      assert.deepEqual(await search({ mmr: { diversity: 0 } }), plain);
      const diverse = await search({ mmr: { diversity: 0.5 }, limit: 2, explain: true });
      assert.deepEqual(numbersOf(diverse), [1, 3]);
      assert.deepEqual(
        diverse.map(({ score, legs }) => [score, legs?.[0]?.rank]),
        [
          [plain[0]?.score, 1],
          [plain[2]?.score, 3],
        ],
      );
      assert.deepEqual(numbersOf(await search({ mmr: { diversity: 0.5 }, limit: 1, offset: 1 })), [3]);
      assert.deepEqual(numbersOf(await search({ mmr: { diversity: 1, candidates: 2 }, limit: 2 })), [1, 2]);
      assert.deepEqual(await search({ mmr: { diversity: 1 }, filter: { year: 1 } }), []);
      await assertRefused(collection, [
        ["mmr.diversity", { ...QUERY, mmr: { diversity: 1.1 } }],
        ["mmr.diversity", { ...QUERY, mmr: { diversity: NaN } }],
        ["mmr.candidates", { ...QUERY, mmr: { diversity: 1, candidates: 1_001 } }],
        ["mmr.candidates", { ...QUERY, mmr: { diversity: 1, candidates: 8 } }],
        ["mmr.candidates", { ...QUERY, limit: 1_001, mmr: { diversity: 1 } }],
      ]);
    },
  ),
  withFeature(
    "effort",
    "accepts an effort for a dense leg, and finds all of a small collection",
    async (store) => {
      const collection = await directions(store);
      const dense = Float32Array.of(1, 0, 0);
      const plain = await collection.search({ legs: [{ dense }], limit: 9 });
      assert.equal(plain.length, DEGREES.length);
      for (const effort of ["exact", { ef: 1_000 }] as const)
        assert.deepEqual(await collection.search({ legs: [{ dense, effort }], limit: 9 }), plain);
      const text = '{"sparse": {}, "effort": "exact"}';
      await assertRefused(collection, [
        ["legs.0.effort", { legs: [{ dense, effort: { ef: 0 } }], limit: 1 }],
        [
          'legs.0.effort: expected "exact"',
          { legs: [{ dense, ...JSON.parse('{"effort": "fast"}') }], limit: 1 },
        ],
        ["legs.0", { legs: [JSON.parse(text)], limit: 1 }],
      ]);
    },
  ),
];
