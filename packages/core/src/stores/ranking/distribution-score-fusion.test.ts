import fc from "fast-check";
import { expect, test } from "vitest";
import { distributionScoreFusion } from "./distribution-score-fusion.ts";

const compare = (a: string, b: string): number => (a < b ? -1 : 1);
const ranking = fc
  .uniqueArray(fc.tuple(fc.constantFrom(..."abcdefgh"), fc.integer({ min: -50, max: 50 })), {
    selector: ([key]) => key,
  })
  .map((pairs) => pairs.map(([key, score]) => ({ key, score })));

/** Sums (score − low) / (high − low) over the rankings, with bounds of three sample deviations. */
function naive(rankings: readonly (readonly { key: string; score: number }[])[]): Map<string, number> {
  const sums = new Map<string, number>();
  for (const list of rankings) {
    const mean = list.reduce((sum, { score }) => sum + score, 0) / list.length;
    const variance = list.reduce((sum, { score }) => sum + (score - mean) ** 2, 0) / (list.length - 1);
    const [low, high] = [mean - 3 * Math.sqrt(variance), mean + 3 * Math.sqrt(variance)];
    for (const { key, score } of list)
      sums.set(key, (sums.get(key) ?? 0) + (high > low ? (score - low) / (high - low) : 0.5));
  }
  return sums;
}

// The dense leg of a recorded fusion of a Qdrant 1.18.3 server, and its fused scores of points that only this
// leg found.
const DENSE = [
  1, 1, 0.9693939, 0.9693939, 0.96845114, 0.8814068, 0.8742867, 0.72256446, 0.5612672, 0.5612672,
];
const RECORDED = new Map([
  [0, 0.64301413],
  [2, 0.61367637],
  [5, 0.5293355],
  [6, 0.52251047],
]);

test("scales a recorded ranking as Qdrant did", () => {
  const ranked = DENSE.map((score, i) => ({ key: `k${i}`, score }));
  const fused = new Map(distributionScoreFusion([ranked], compare).map(({ key, score }) => [key, score]));
  for (const [i, score] of RECORDED) expect(fused.get(`k${i}`)).toBeCloseTo(score, 6);
});

test("sums scores scaled to three sample deviations around the mean, best first with ties in order", () => {
  fc.assert(
    fc.property(fc.array(ranking, { maxLength: 4 }), (rankings) => {
      const fused = distributionScoreFusion(rankings, compare);
      const expected = naive(rankings);
      expect(fused.map(({ key }) => key).sort()).toEqual([...expected.keys()].sort());
      fused.forEach(({ key, score }, i) => {
        expect(score).toBeCloseTo(expected.get(key) ?? NaN, 9);
        const next = fused[i + 1];
        if (next) expect(score > next.score || (score === next.score && key < next.key)).toBe(true);
      });
    }),
  );
});

test("gives 0.5 to a single score and to scores that differ only by rounding", () => {
  const equal = [0.1, Math.fround(0.1), 0.1].map((score, i) => ({ key: `k${i}`, score }));
  expect(distributionScoreFusion([equal, [{ key: "k0", score: 7 }]], compare)).toEqual([
    { key: "k0", score: 1 },
    { key: "k1", score: 0.5 },
    { key: "k2", score: 0.5 },
  ]);
});

test("depends only on the shape of a leg's scores, not on their scale", () => {
  fc.assert(
    fc.property(ranking, fc.integer({ min: 1, max: 9 }), fc.integer({ min: -9, max: 9 }), (list, a, b) => {
      const scaled = list.map(({ key, score }) => ({ key, score: a * score + b }));
      const scores = (fused: readonly { key: string; score: number }[]) =>
        new Map(fused.map(({ key, score }) => [key, score]));
      const [plain, moved] = [list, scaled].map((each) => scores(distributionScoreFusion([each], compare)));
      for (const [key, score] of plain ?? []) expect(moved?.get(key)).toBeCloseTo(score, 9);
    }),
  );
});
