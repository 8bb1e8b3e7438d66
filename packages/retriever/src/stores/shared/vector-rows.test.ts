import type { Metric } from "@binnacle/core";
import fc from "fast-check";
import { expect, test } from "vitest";
import { TopRows } from "./top-rows.ts";
import { VectorRows } from "./vector-rows.ts";

const EVERYTHING = { minScore: -Infinity };

function scan(
  rows: VectorRows,
  query: Float32Array,
  limits: Parameters<VectorRows["scan"]>[2] = EVERYTHING,
): readonly (readonly [row: number, score: number])[] {
  const top = new TopRows(1000, (a, b) => a < b);
  rows.scan(query, top, limits);
  return top.ranked().map(({ key, score }) => [key, score]);
}

function similarity(metric: Metric, a: Float32Array, b: Float32Array): number {
  let dot = 0;
  let squaresA = 0;
  let squaresB = 0;
  let distance = 0;
  a.forEach((value, i) => {
    const other = b[i] ?? 0;
    dot += value * other;
    squaresA += value ** 2;
    squaresB += other ** 2;
    distance += (value - other) ** 2;
  });
  if (metric === "dot") return dot;
  return metric === "euclid" ? -Math.sqrt(distance) : dot / Math.sqrt(squaresA * squaresB);
}

const DIMENSIONS = 7;
const vector = fc
  .float32Array({ minLength: DIMENSIONS, maxLength: DIMENSIONS, noNaN: true, min: -100, max: 100 })
  .filter((numbers) => numbers.some((value) => Math.abs(value) > 1e-3));

test.each(["cosine", "dot", "euclid"] as const)(
  "scores %s like the textbook, for rows that are added, changed and removed (T25)",
  (metric) => {
    const step = fc.record({ row: fc.nat(40), vector: fc.option(vector) });
    fc.assert(
      fc.property(fc.array(step), vector, (steps, query) => {
        const rows = new VectorRows(DIMENSIONS, metric);
        const model = new Map<number, Float32Array>();
        for (const { row, vector: value } of steps) {
          if (value) {
            rows.set(row, value);
            model.set(row, value);
          } else {
            rows.clear(row);
            model.delete(row);
          }
        }
        const found = new Map(scan(rows, query));
        expect([...found.keys()].sort()).toEqual([...model.keys()].sort());
        for (const [row, value] of model) {
          const expected = similarity(metric, query, value);
          expect(Math.abs((found.get(row) ?? NaN) - expected)).toBeLessThan(
            1e-9 * Math.max(1, Math.abs(expected)),
          );
          expect(rows.get(row)).toEqual(value);
        }
        for (let row = 0; row <= 41; row++) if (!model.has(row)) expect(rows.get(row)).toBeUndefined();
      }),
    );
  },
);

test("keeps the vectors of rows across blocks", () => {
  const dimensions = 65_536; // 16 rows per block
  const rows = new VectorRows(dimensions, "dot");
  const numbers = [0, 15, 16, 17, 40, 5];
  for (const row of numbers) rows.set(row, new Float32Array(dimensions).fill(row + 1));
  const found = scan(rows, new Float32Array(dimensions).fill(1 / dimensions));
  expect(found).toEqual(numbers.sort((a, b) => b - a).map((row) => [row, row + 1]));
  expect(rows.get(17)?.[dimensions - 1]).toBe(18);
});

test("scores only admitted rows, and offers no score below minScore", () => {
  const rows = new VectorRows(2, "dot");
  for (let row = 0; row < 10; row++) rows.set(row, Float32Array.of(row, 1));
  const admits = (row: number): boolean => row % 2 === 0;
  expect(scan(rows, Float32Array.of(1, 0), { admits, minScore: 4 }).map(([row]) => row)).toEqual([8, 6, 4]);
});

test("keeps cosine within −1 to 1, and does not overflow for the largest and smallest float32 numbers", () => {
  fc.assert(
    fc.property(vector, fc.constantFrom(1e-44, 1e-20, 1, 1e36), (value, scale) => {
      const scaled = value.map((number) => number * scale);
      fc.pre(scaled.some((number) => number !== 0));
      const rows = new VectorRows(DIMENSIONS, "cosine");
      rows.set(0, scaled);
      rows.set(
        1,
        scaled.map((number) => -number),
      );
      const [[, same] = [0, NaN], [, opposite] = [0, NaN]] = scan(rows, scaled);
      expect(same).toBeLessThanOrEqual(1);
      expect(same).toBeGreaterThan(1 - 1e-9);
      expect(opposite).toBeGreaterThanOrEqual(-1);
    }),
  );
});
