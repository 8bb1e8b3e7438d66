import fc from "fast-check";
import { expect, inject, test } from "vitest";
import { logistic } from "../../packages/retriever/src/answering/relevance/confidence.ts";
import { calibrationOf, fitWeights, type Judged } from "./calibration.ts";

/**
 * Creates questions whose outcomes have exactly the probability that the weights predict, a hundred for each
 * value.
 */
function judgedBy(weights: readonly number[]): readonly Judged[] {
  return Array.from({ length: 21 }, (_, i) => [1, (i - 10) / 5]).flatMap((signs) => {
    const right = Math.round(100 * logistic(weights, signs));
    return Array.from({ length: 100 }, (_, n) => ({ signs, isRight: n < right }));
  });
}

test("finds the weights that the questions were made with", () => {
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

test("gives no error to correct predictions and a large error to opposite ones", () => {
  const sure = [
    ...Array.from({ length: 50 }, () => [1, true] as const),
    [0, false] as const,
    [0, false] as const,
  ];
  expect(calibrationOf(sure)).toMatchObject({ error: 0, brier: 0, auc: 1 });
  const contrary = sure.map(([said, so]) => [1 - said, so] as const);
  expect(calibrationOf(contrary)).toMatchObject({ brier: 1, auc: 0 });
});
