import type { Metric } from "@binnacle/core";
import fc from "fast-check";
import { describe, expect, test, vi } from "vitest";
import { TopRows } from "./top-rows.ts";
import { VectorRows } from "./vector-rows.ts";

const EVERYTHING = { minScore: -Infinity };

function scan(
  rows: VectorRows,
  query: Float32Array,
  limits: Parameters<VectorRows["scan"]>[2] = EVERYTHING,
): readonly (readonly [row: number, score: number])[] {
  const top = new TopRows(1000, (a, b) => a < b);
  for (const _ of rows.scan(query, top, limits));
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
  const dimensions = 262_144; // 16 rows per block
  const rows = new VectorRows(dimensions, "dot");
  const numbers = [0, 15, 16, 17, 40, 5];
  for (const row of numbers) rows.set(row, new Float32Array(dimensions).fill(row + 1));
  const found = scan(rows, new Float32Array(dimensions).fill(1 / dimensions));
  expect(found).toEqual(numbers.sort((a, b) => b - a).map((row) => [row, row + 1]));
  expect(rows.get(17)?.[dimensions - 1]).toBe(18);
});

test("keeps vectors in the room that it made, and beyond", () => {
  const dimensions = 65_536; // 64 rows per block
  const rows = new VectorRows(dimensions, "dot");
  rows.reserve(70);
  for (const row of [0, 63, 64, 69, 80]) rows.set(row, new Float32Array(dimensions).fill(row + 1));
  expect(scan(rows, new Float32Array(dimensions).fill(1 / dimensions)).map(([row]) => row)).toEqual([
    80, 69, 64, 63, 0,
  ]);
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

describe("the kernel", () => {
  const scales = [1e-44, 1e-30, 1e-10, 1, 1, 1, 1e10, 1e30];
  const dimensions = 129; // no multiple of the kernel's lanes
  const best = (rows: VectorRows, query: Float32Array): readonly unknown[] => {
    const top = new TopRows(10, (a, b) => a < b);
    for (const _ of rows.scan(query, top, EVERYTHING));
    return top.ranked();
  };

  test.each(["cosine", "dot", "euclid"] as const)(
    "finds by %s exactly what the plain loop finds",
    (metric) => {
      const random = fc.sample(
        fc.float32Array({ minLength: dimensions, maxLength: dimensions, noNaN: true, min: -1, max: 1 }),
        { numRuns: 60, seed: 7 },
      );
      const vectors = random.filter((vector) => vector.some((value) => value !== 0));
      const [fast, plain] = [
        new VectorRows(dimensions, metric),
        new VectorRows(dimensions, metric, { kernel: () => undefined }),
      ];
      for (let row = 0; row < 900; row++) {
        const vector = vectors[row % vectors.length] ?? new Float32Array(dimensions);
        const scaled = vector.map((value) => value * (scales[row % scales.length] ?? 1));
        if (scaled.every((value) => value === 0)) continue;
        fast.set(row, scaled);
        plain.set(row, scaled);
      }
      for (const query of vectors.slice(0, 20)) {
        for (const scale of [1e-20, 1, 1e20]) {
          const scaled = query.map((value) => value * scale);
          expect(best(fast, scaled)).toEqual(best(plain, scaled));
        }
      }
    },
  );

  test("reads every row of a large block, also after the block has grown", () => {
    const rows = new VectorRows(256, "dot");
    for (let row = 0; row < 2_000; row++) rows.set(row, new Float32Array(256).fill(row));
    expect(best(rows, new Float32Array(256).fill(1)).slice(0, 2)).toEqual([
      { key: 1_999, score: 1_999 * 256 },
      { key: 1_998, score: 1_998 * 256 },
    ]);
    expect(rows.get(3)).toEqual(new Float32Array(256).fill(3));
  });

  test("rules out nearly all rows of clustered vectors, and keeps the best", () => {
    const dimensions = 96;
    const next = randomNumbers(5);
    const centres = Array.from({ length: 40 }, () => Float32Array.from({ length: dimensions }, next));
    const near = (centre: Float32Array | undefined): Float32Array =>
      Float32Array.from({ length: dimensions }, (_, i) => (centre?.[i] ?? 0) + 0.5 * next());
    const [fast, plain] = [
      new VectorRows(dimensions, "cosine"),
      new VectorRows(dimensions, "cosine", { kernel: () => undefined }),
    ];
    const count = 4_000;
    for (let row = 0; row < count; row++) {
      const vector = near(centres[row % centres.length]);
      fast.set(row, vector);
      plain.set(row, vector);
    }
    const asked = vi.fn(() => true);
    for (const centre of centres.slice(0, 10)) {
      const query = near(centre);
      const top = new TopRows(10, (a, b) => a < b);
      for (const _ of fast.scan(query, top, { ...EVERYTHING, admits: asked }));
      expect(top.ranked()).toEqual(best(plain, query));
    }
    expect(asked.mock.calls.length).toBeLessThan((10 * count) / 20);
  });

  test("finds a vector that was replaced or removed by its new state only", () => {
    const rows = new VectorRows(256, "cosine");
    const axis = (i: number): Float32Array => new Float32Array(256).fill(0.001).fill(1, i, i + 1);
    for (let row = 0; row < 600; row++) rows.set(row, axis(row % 200));
    rows.set(5, axis(250));
    rows.clear(6);
    expect(scan(rows, axis(250))[0]?.[0]).toBe(5);
    expect(
      scan(rows, axis(5))
        .slice(0, 2)
        .map(([row]) => row),
    ).toEqual([205, 405]);
    expect(scan(rows, axis(6)).some(([row]) => row === 6)).toBe(false);
  });

  test("yields between parts of a large scan, more often if the kernel rules out less", () => {
    const turns = (vectorOf: () => Float32Array): number => {
      const rows = new VectorRows(768, "cosine");
      for (let row = 0; row < 8_000; row++) rows.set(row, vectorOf());
      return [...rows.scan(vectorOf(), new TopRows(1, () => false), EVERYTHING)].length;
    };
    const next = randomNumbers(3);
    expect(turns(() => Float32Array.from({ length: 768 }, next))).toBe(1);
    expect(turns(() => new Float32Array(768).fill(1))).toBe(6);
  });
});

function randomNumbers(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 31 - 1;
  };
}
