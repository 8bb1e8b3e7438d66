import fc from "fast-check";
import { expect, test } from "vitest";
import { TopRows } from "./top-rows.ts";

test("keeps what sorting everything would keep, in that order, ties included", () => {
  fc.assert(
    fc.property(
      fc.array(fc.integer({ min: -3, max: 3 })),
      fc.integer({ min: 1, max: 12 }),
      (scores, limit) => {
        // An order of ties that is not the order of offers.
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

test("a limit far beyond what is offered costs nothing", () => {
  const top = new TopRows(Number.MAX_SAFE_INTEGER, (a, b) => a < b);
  top.offer(4, 0.5);
  expect(top.ranked()).toEqual([{ key: 4, score: 0.5 }]);
});
