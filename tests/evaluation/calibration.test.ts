import fc from "fast-check";
import { expect, inject, test } from "vitest";
import { logistic } from "../../packages/retriever/src/answering/relevance/confidence.ts";
import { calibrationOf, fitWeights, type Judged } from "./calibration.ts";

/** Questions that are so exactly as often as these weights say: each sign stands there once for every hundredth of them. */
function judgedBy(weights: readonly number[]): readonly Judged[] {
  return Array.from({ length: 21 }, (_, i) => [1, (i - 10) / 5]).flatMap((signs) => {
    const right = Math.round(100 * logistic(weights, signs));
    return Array.from({ length: 100 }, (_, n) => ({ signs, isRight: n < right }));
  });
}

test("the weights that questions were made with are found again", () => {
  const weight = fc.double({ min: -2, max: 2, noNaN: true });
  fc.assert(
    fc.property(weight, weight, (constant, slope) => {
      const [first = Number.NaN, second = Number.NaN] = fitWeights(judgedBy([constant, slope]));
      expect(first).toBeCloseTo(constant, 1);
      expect(second).toBeCloseTo(slope, 1);
    }),
    { numRuns: 20 * inject("propertyShare") },
  );
});

test("what always says what is so is off by nothing; what says the contrary is found out", () => {
  const sure = [
    ...Array.from({ length: 50 }, () => [1, true] as const),
    [0, false] as const,
    [0, false] as const,
  ];
  expect(calibrationOf(sure)).toMatchObject({ error: 0, brier: 0, auc: 1 });
  const contrary = sure.map(([said, so]) => [1 - said, so] as const);
  expect(calibrationOf(contrary)).toMatchObject({ brier: 1, auc: 0 });
});
