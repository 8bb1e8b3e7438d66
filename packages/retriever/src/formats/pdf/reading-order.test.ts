import { expect, test } from "vitest";
import { readingOrder } from "./reading-order.ts";
import type { TextBox } from "./text-box.ts";

const boxAt = (left: number, baseline: number, text = "x".repeat(20)): TextBox => {
  return { text, left, right: left + 9, baseline, size: 10 };
};

test("orders two columns of 1,900 lines from left to right, whatever order the file has", () => {
  const [left, right] = [10, 300].map((x) => Array.from({ length: 1_900 }, (_, line) => boxAt(x, line)));
  const mixed = left?.flatMap((box, index) => [right?.[index] ?? box, box]) ?? [];
  expect(readingOrder(mixed)).toEqual([left, right]);
});

test("orders a page with 3,900 boxes, each at its own position, in reasonable time", () => {
  const drawing = Array.from({ length: 3_900 }, (_, index) => boxAt(10 * index, index % 800, "x"));
  const columns = Array.from({ length: 3_900 }, (_, index) => boxAt(10 * Math.floor(index / 3), index % 3));
  const started = performance.now();
  expect(readingOrder(drawing)).toEqual([drawing]);
  expect(readingOrder(columns).flat()).toHaveLength(3_900);
  expect(performance.now() - started).toBeLessThan(10_000);
});
