import fc from "fast-check";
import { expect, test } from "vitest";
import { denseVectorIssue, normalized, sparseVectorIssue } from "./vectors.ts";

const finite = fc.float({ noNaN: true, noDefaultInfinity: true });

test("accepts finite numbers of the right length unless all are zero", () => {
  fc.assert(
    fc.property(fc.array(finite, { minLength: 1, maxLength: 40 }), (numbers) => {
      const vector = Float32Array.from(numbers);
      const issue = denseVectorIssue(vector, vector.length);
      expect(issue === undefined).toBe(vector.some((value) => value !== 0));
    }),
  );
});

test("refuses NaN, infinities and numbers beyond float32, with their position (Q11)", () => {
  for (const [value, shown] of [
    [Number.NaN, "NaN"],
    [Infinity, "Infinity"],
    [1e39, "Infinity"], // a number to JavaScript, infinite once it is float32
    [-1e39, "-Infinity"],
  ] as const) {
    const issue = denseVectorIssue(Float32Array.from([1, value, 1]), 3);
    expect(issue).toMatchObject({ code: "invalid_vector", retryable: false });
    expect(issue?.message).toContain(`${shown} at 1`);
  }
});

test("accepts any number of the largest float32 numbers", () => {
  const largest = 3.4028234663852886e38; // (2 − 2^-23) × 2^127
  expect(denseVectorIssue(new Float32Array(4096).fill(largest), 4096)).toBeUndefined();
  expect(denseVectorIssue(Float32Array.from([1e-45, 0]), 2)).toBeUndefined();
});

test("names both lengths if the length is wrong (T19)", () => {
  const issue = denseVectorIssue(new Float32Array(3).fill(1), 4);
  expect(issue).toMatchObject({ code: "invalid_vector" });
  expect(issue?.message).toMatch(/3 numbers.*4 are expected/);
});

test("requires ascending indices and finite values of a sparse vector, which may be empty", () => {
  const sparse = (indices: number[], values: number[]) => ({
    indices: Uint32Array.from(indices),
    values: Float32Array.from(values),
  });
  expect(sparseVectorIssue(sparse([], []))).toBeUndefined();
  expect(sparseVectorIssue(sparse([0, 7, 4294967295], [1, -1, 0]))).toBeUndefined();
  expect(sparseVectorIssue(sparse([1, 2], [1]))?.message).toMatch(/2 indices and 1 values/);
  expect(sparseVectorIssue(sparse([2, 2], [1, 1]))?.message).toMatch(/at 1/);
  expect(sparseVectorIssue(sparse([3, 1], [1, 1]))?.message).toMatch(/at 1/);
  expect(sparseVectorIssue(sparse([1, 2], [1, 1e39]))?.message).toMatch(/Infinity at 1/);
});

test("normalises a vector to length 1 and keeps its direction (Q11)", () => {
  const vector = fc
    .array(finite, { minLength: 1, maxLength: 40 })
    .map((numbers) => Float32Array.from(numbers));
  const usable = vector.filter((numbers) => numbers.some((value) => Math.abs(value) > 1e-18));
  fc.assert(
    fc.property(usable, (numbers) => {
      const before = numbers.slice();
      const unit = normalized(numbers);
      expect(Math.hypot(...unit)).toBeCloseTo(1, 5);
      expect(numbers).toEqual(before);
      const factor = Math.hypot(...numbers);
      numbers.forEach((value, index) => expect((unit[index] ?? NaN) - value / factor).toBeCloseTo(0, 5));
    }),
  );
});
