import fc from "fast-check";
import { expect, test } from "vitest";
import { float32Below } from "./float32-below.ts";

test("returns the next float32 below a number", () => {
  expect(float32Below(0)).toBe(-(2 ** -149));
  expect(float32Below(1)).toBe(1 - 2 ** -24);
  expect(float32Below(-1)).toBe(-1 - 2 ** -23);
  expect(float32Below(0.1)).toBeLessThan(0.1);
  expect(float32Below(-Infinity)).toBe(-Infinity);
});

test("returns a float32 below its number, with no other between", () => {
  fc.assert(
    fc.property(fc.float({ noNaN: true, noDefaultInfinity: true }), (value) => {
      const below = float32Below(value);
      if (!Number.isFinite(below)) return;
      expect(Math.fround(below)).toBe(below);
      expect(below).toBeLessThan(value);
      expect([below, value]).toContain(Math.fround((below + value) / 2));
    }),
  );
});
