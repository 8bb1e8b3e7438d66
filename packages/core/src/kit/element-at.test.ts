import { expect, test } from "vitest";
import { elementAt } from "./element-at.ts";

test("returns the element, even if it is 0, empty or null", () => {
  expect([0, "", null, false].map((_, i, list) => elementAt(list, i))).toEqual([0, "", null, false]);
  expect(elementAt(Float32Array.of(1, 0.5), 1)).toBe(0.5);
});

test("throws for an index outside of the list", () => {
  for (const index of [-1, 2, 0.5, NaN]) expect(() => elementAt([1, 2], index)).toThrow(RangeError);
  expect(() => elementAt([], 0)).toThrow("A list of 0 has no element at index 0");
});
