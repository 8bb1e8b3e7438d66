import fc from "fast-check";
import { expect, test } from "vitest";
import { TopRows } from "./top-rows.ts";

test("keeps the same rows in the same order as sorting all rows, including ties", () => {
  fc.assert(
    fc.property(
      fc.array(fc.integer({ min: -3, max: 3 })),
      fc.integer({ min: 1, max: 12 }),
      (scores, limit) => {
        // The order of ties differs from the order of offers.
        const before = (a: number, b: number): boolean => (a * 7) % 101 < (b * 7) % 101;
        const top = new TopRows(limit, before);
        scores.forEach((score, row) => top.offer(row, score));
        const sorted = scores
          .map((score, key) => ({ key, score }))
          .sort((a, b) => b.score - a.score || (before(a.key, b.key) ? -1 : 1));
        expect(top.ranked()).toEqual(sorted.slice(0, limit));
      },
    ),
  );
});

test("accepts a limit far above the number of offers at no cost", () => {
  const top = new TopRows(Number.MAX_SAFE_INTEGER, (a, b) => a < b);
  top.offer(4, 0.5);
  expect(top.ranked()).toEqual([{ key: 4, score: 0.5 }]);
});
