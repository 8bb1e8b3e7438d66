import fc from "fast-check";
import { expect, test } from "vitest";
import { reciprocalRankFusion } from "./reciprocal-rank-fusion.ts";

const compare = (a: string, b: string): number => (a < b ? -1 : 1);

// What a Qdrant 1.18.3 server made of two recorded rankings. It counts ranks from 0, so its k is one more
// than ours.
const DENSE = ["p2", "u2", "u1", "p1", "p3", "p0"];
const SPARSE = ["u9007", "p6", "p21", "p1", "p11", "p16", "other", "p3"];
const RECORDED = [
  [
    60,
    {
      p1: 0.031746034,
      p3: 0.030550372,
      p2: 0.016666668,
      u9007: 0.016666668,
      u2: 0.016393442,
      u1: 0.016129032,
      p11: 0.015625,
      p0: 0.015384615,
    },
  ],
  [
    2,
    {
      u9007: 0.5,
      p2: 0.5,
      p1: 0.4,
      u2: 0.33333334,
      p3: 0.2777778,
      u1: 0.25,
      p11: 0.16666667,
      p16: 0.14285715,
    },
  ],
] as const;

test.each(RECORDED)("fuses recorded rankings as Qdrant did with its k = %i", (k, scores) => {
  const fused = reciprocalRankFusion([DENSE, SPARSE], { k: k - 1, compare });
  const found = new Map(fused.map(({ key, score }) => [key, score]));
  for (const [key, score] of Object.entries(scores)) expect(found.get(key)).toBeCloseTo(score, 7);
});

test("scores the first of one ranking weight / (k + 1), with k 60", () => {
  expect(reciprocalRankFusion([["a"]], { compare })).toEqual([{ key: "a", score: 1 / 61 }]);
  expect(reciprocalRankFusion([["a"], ["b"]], { compare, k: 1, weights: [1, 3] })).toEqual([
    { key: "b", score: 3 / 2 },
    { key: "a", score: 1 / 2 },
  ]);
});

test("returns every key once, best first with ties in order, and nothing for no rankings", () => {
  const ranking = fc.uniqueArray(fc.constantFrom("a", "b", "c", "d", "e", "f", "g", "h"));
  fc.assert(
    fc.property(fc.array(ranking, { maxLength: 4 }), fc.integer({ min: 0, max: 60 }), (rankings, k) => {
      const fused = reciprocalRankFusion(rankings, { k, compare });
      expect(fused.map(({ key }) => key).sort()).toEqual([...new Set(rankings.flat())].sort());
      fused.forEach(({ key, score }, i) => {
        const previous = fused[i - 1];
        if (previous)
          expect(previous.score > score || (previous.score === score && previous.key < key)).toBe(true);
        const sum = rankings.reduce(
          (total, list) => total + (list.includes(key) ? 1 / (k + list.indexOf(key) + 1) : 0),
          0,
        );
        expect(score).toBe(sum);
      });
    }),
  );
});
