import fc from "fast-check";
import { expect, test } from "vitest";
import { fuseByScores, queryWeights } from "./fuse-by-scores.ts";

const ranked = (scores: readonly number[]): { key: string; score: number }[] =>
  scores.map((score, i) => ({ key: `k${i}`, score }));
const compare = (a: string, b: string): number => (a < b ? -1 : 1);
const even = ranked(Array.from({ length: 20 }, (_, i) => 0.5 - i * 0.001));
const peaked = ranked([0.9, ...Array.from({ length: 19 }, (_, i) => 0.4 - i * 0.001)]);

test("gives more weight to the leg whose best hit stands out", () => {
  const [dense] = queryWeights(peaked, even, undefined);
  const [flat] = queryWeights(even, peaked, undefined);
  expect(dense).toBeGreaterThan(0.7);
  expect(flat).toBeLessThan(0.3);
});

test("gives more weight to the lexical leg if its best hit has most of what the words are worth", () => {
  const lexical = ranked([12, 6, 3]);
  const [, known] = queryWeights(even, lexical, 8);
  const [, unknown] = queryWeights(even, lexical, 80);
  expect(known).toBeGreaterThan(unknown);
});

test("gives little weight to a model that does not know the language, whose hits are all alike", () => {
  const clear = ranked([14, 5, 4.5, 4.2, 4, 3.9, 3.8, 3.7, 3.6, 3.5]);
  const alike = ranked([0.62, 0.58, 0.56, 0.54, 0.52, 0.5, 0.48, 0.46, 0.44, 0.42]);
  const [dense] = queryWeights(alike, clear, 24);
  expect(dense).toBeLessThan(0.25);
});

test("gives all weight to the only leg that found something", () => {
  expect(queryWeights(even, [], 5)).toEqual([1, 0]);
  expect(queryWeights([], even, 5)).toEqual([0, 1]);
});

test("returns weights from 0 to 1 that sum to 1, and finite scores best first", () => {
  const scores = fc.array(fc.double({ min: -1, max: 50, noNaN: true }), { maxLength: 60 });
  const worth = fc.option(fc.double({ min: 0, max: 100, noNaN: true }), { nil: undefined });
  fc.assert(
    fc.property(scores, scores, worth, (first, second, sum) => {
      const [dense, lexical] = [first, second].map((list) => ranked(list.toSorted((a, b) => b - a)));
      const weights = queryWeights(dense ?? [], lexical ?? [], sum);
      expect(weights[0] + weights[1]).toBeCloseTo(1, 9);
      expect(weights.every((weight) => weight >= 0)).toBe(true);
      const fused = fuseByScores([dense ?? [], lexical ?? []], weights, compare);
      expect(fused.length).toBe(Math.max(first.length, second.length));
      fused.forEach(({ score }, i) => {
        expect(score).toBeLessThanOrEqual(fused[i - 1]?.score ?? Infinity);
        expect(score).toBeGreaterThanOrEqual(0);
      });
    }),
  );
});

test("sums scaled scores by the weights, with equal scores in the order of their keys", () => {
  const legs = [ranked([1, 0.5, 0]), ranked([4, 2, 0])];
  expect(fuseByScores(legs, [0.25, 0.75], compare)).toEqual([
    { key: "k0", score: 1 },
    { key: "k1", score: 0.5 },
    { key: "k2", score: 0 },
  ]);
  const tied = [[{ key: "b", score: 3 }], [{ key: "a", score: 3 }]];
  expect(fuseByScores(tied, [0.5, 0.5], compare).map(({ key }) => key)).toEqual(["a", "b"]);
});
