import fc from "fast-check";
import { expect, test } from "vitest";
import { diversify } from "./diversify.ts";

interface Item {
  readonly score: number;
  readonly vector: Float32Array;
}

const item = fc.record({
  score: fc.integer({ min: 0, max: 100 }),
  vector: fc
    .array(fc.integer({ min: -3, max: 3 }), { minLength: 3, maxLength: 3 })
    .filter((list) => list.some((value) => value !== 0))
    .map((list) => Float32Array.from(list)),
});
const items = fc.array(item, { maxLength: 12 }).map((list) => list.toSorted((a, b) => b.score - a.score));

function cosine(a: Float32Array, b: Float32Array): number {
  const dot = (x: Float32Array, y: Float32Array) => x.reduce((sum, value, i) => sum + value * (y[i] ?? 0), 0);
  return dot(a, b) / Math.sqrt(dot(a, a) * dot(b, b));
}

function chosenOf(list: readonly Item[], diversity: number, count: number): readonly number[] {
  const ranking = list.map(({ score }, key) => ({ key, score }));
  const vectorOf = (key: number): Float32Array => list[key]?.vector ?? new Float32Array();
  return diversify(ranking, { diversity, count, vectorOf }).map(({ key }) => key);
}

test("chooses, at each step, a hit whose value no other hit exceeds", () => {
  fc.assert(
    fc.property(items, fc.integer({ min: 0, max: 10 }), fc.nat(12), (list, tenths, count) => {
      const diversity = tenths / 10;
      const chosen = chosenOf(list, diversity, count);
      expect(chosen).toHaveLength(Math.min(count, list.length));
      expect(new Set(chosen).size).toBe(chosen.length);
      const scores = list.map(({ score }) => score);
      const [low, high] = [Math.min(...scores), Math.max(...scores)];
      chosen.forEach((key, step) => {
        const before = chosen.slice(0, step);
        const value = (i: number): number => {
          const { score, vector } = list[i] ?? { score: 0, vector: new Float32Array() };
          const relevance = high > low ? (score - low) / (high - low) : 1;
          const similar = before.map((other) => cosine(vector, list[other]?.vector ?? vector));
          const similarity = similar.length > 0 ? Math.max(...similar) : 0;
          return (1 - diversity) * relevance - diversity * similarity;
        };
        const rest = list.map((_, i) => i).filter((i) => !before.includes(i));
        expect(value(key)).toBeGreaterThanOrEqual(Math.max(...rest.map(value)) - 1e-5);
      });
    }),
  );
});

test("keeps the ranking without diversity", () => {
  fc.assert(
    fc.property(items, fc.nat(12), (list, count) => {
      expect(chosenOf(list, 0, count)).toEqual(list.map((_, i) => i).slice(0, count));
    }),
  );
});
