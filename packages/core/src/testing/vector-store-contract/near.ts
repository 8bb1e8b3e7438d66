import assert from "node:assert/strict";
import type { Hit } from "../../spec/search.ts";
import { numbersOf } from "./contract-points.ts";

/** Asserts that numbers are equal up to a relative error: 1e-6 for stored vectors, 1e-5 for scores. */
export function assertNear(
  numbers: ArrayLike<number> | undefined,
  expected: ArrayLike<number>,
  error = 1e-6,
): void {
  assert.equal(numbers?.length, expected.length);
  Array.from(expected, (wanted, i) => {
    const got = numbers?.[i] ?? NaN;
    assert.ok(isNear(got, wanted, error), `got ${got} at ${i}, expected ${wanted}`);
  });
}

/** Asserts the numbers and scores of hits, best first. */
export function assertHits(
  hits: readonly Hit[],
  expected: readonly (readonly [n: number, score: number])[],
): void {
  assert.deepEqual(
    numbersOf(hits),
    expected.map(([n]) => n),
  );
  assertNear(
    hits.map(({ score }) => score),
    expected.map(([, score]) => score),
    1e-5,
  );
}

/** Returns true if two numbers are equal up to a relative error, or near 0 up to that absolute error. */
export function isNear(got: number, wanted: number, error = 1e-5): boolean {
  return Math.abs(got - wanted) <= error * Math.max(1, Math.abs(wanted));
}

/** `ln(1 + (N − n + 0.5) / (n + 0.5))` */
export function idf(total: number, containing: number): number {
  return Math.log(1 + (total - containing + 0.5) / (containing + 0.5));
}
