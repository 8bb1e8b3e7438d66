import fc from "fast-check";
import { expect, test } from "vitest";
import { canonicalDigest } from "./canonical-digest.ts";

test("ignores the order of keys and keys that are undefined", () => {
  expect(canonicalDigest({ a: 1, b: { c: [2], d: undefined } })).toBe(
    canonicalDigest({ b: { c: [2] }, a: 1 }),
  );
});

const different: readonly unknown[] = [
  undefined, null, 0, -0, 1, "1", "", "u", "null", [], [[]], [1, 2], [2, 1], ["1,2"], [undefined], [null], {}, { a: 1 }, { a: "1" },
  { a: { b: 1 } }, { "a:1": 1 }, true, "true", Number.NaN, Infinity, 1n, "\ud800", "\ud801", "é", "e\u0301",
  new Uint8Array(), new Uint8Array([1]), new Uint8Array([1, 0]), [1, 0], { a: [1], b: [] }, { a: [1, []] },
]; // prettier-ignore

test("gives different data different digests (T36)", () => {
  expect(new Set(different.map(canonicalDigest)).size).toBe(different.length);
});

test("gives random data the same digest if and only if it is equal", () => {
  fc.assert(
    fc.property(fc.jsonValue(), fc.jsonValue(), (a, b) => {
      const isSame = canonicalDigest(a) === canonicalDigest(b);
      expect(canonicalDigest(structuredClone(a))).toBe(canonicalDigest(a));
      if (isSame) expect(a).toEqual(b);
    }),
  );
});

test("throws for values other than plain data", () => {
  for (const value of [new Date(), new Map(), () => 1, Symbol("x"), [new Set()]])
    expect(() => canonicalDigest(value)).toThrow(TypeError);
});

test("compares bytes by their content, even within a larger buffer", () => {
  expect(canonicalDigest(Buffer.from([9, 1, 2]).subarray(1))).toBe(canonicalDigest(new Uint8Array([1, 2])));
});
