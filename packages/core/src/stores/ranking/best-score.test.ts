import { expect, test } from "vitest";
import { bestScore } from "./best-score.ts";

test("scores recorded similarities as Qdrant 1.18.3 did (Q57)", () => {
  expect(bestScore(1, 0.13)).toBeCloseTo(0.75, 6);
  expect(bestScore(0.96845114, 0.13)).toBeCloseTo(0.7459932, 6);
});

test("puts every point that is closer to `unlike` below the others, the closest last", () => {
  const scores = [bestScore(0.1, 0), bestScore(0, -Infinity), bestScore(0, 0), bestScore(0, 0.5)];
  expect(scores.toSorted((a, b) => b - a)).toEqual(scores);
  expect(bestScore(0, 0)).toBe(-0.5);
});
