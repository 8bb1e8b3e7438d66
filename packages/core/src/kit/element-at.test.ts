import { expect, test } from "vitest";
import { elementAt } from "./element-at.ts";

test("returns the element, also if it is 0, empty or null", () => {
  expect([0, "", null, false].map((_, i, list) => elementAt(list, i))).toEqual([0, "", null, false]);
  expect(elementAt(Float32Array.of(1, 0.5), 1)).toBe(0.5);
});

test("throws for an index that the list has not", () => {
  for (const index of [-1, 2, 0.5, NaN]) expect(() => elementAt([1, 2], index)).toThrow(RangeError);
  expect(() => elementAt([], 0)).toThrow("there is no element at 0 of 0");
});
