import { runInNewContext } from "node:vm";
import fc from "fast-check";
import { expect, test } from "vitest";
import { canonicalJson } from "./canonical-json.ts";

test("says the same as JSON, and the same whatever the order of keys", () => {
  fc.assert(
    fc.property(fc.jsonValue(), (value) => {
      expect(JSON.parse(canonicalJson(value))).toEqual(JSON.parse(JSON.stringify(value)));
      expect(canonicalJson(reversed(value))).toBe(canonicalJson(value));
    }),
  );
});

test("gives different strings for different values", () => {
  fc.assert(
    fc.property(fc.jsonValue(), fc.jsonValue(), (a, b) => {
      const areEqual = JSON.stringify(sorted(a)) === JSON.stringify(sorted(b));
      expect(canonicalJson(a) === canonicalJson(b)).toBe(areEqual);
    }),
  );
});

test("treats an undefined property as missing", () => {
  expect(canonicalJson({ a: undefined, b: 1 })).toBe('{"b":1}');
});

test("accepts an object of another realm", () => {
  expect(canonicalJson(runInNewContext("({ b: { a: [] }, a: 1 })"))).toBe('{"a":1,"b":{"a":[]}}');
});

test.each([
  ["a date", { when: { at: new Date(0) } }, "metadata.when.at holds [object Date]"],
  ["NaN", { scores: [1, Number.NaN] }, "metadata.scores.1 holds number NaN"],
  ["a map", { tags: new Map() }, "metadata.tags holds [object Map]"],
  ["undefined in an array", { tags: [undefined] }, "metadata.tags.0 holds undefined"],
])("%s is refused, and the message names the place", (_, value, message) => {
  expect(() => canonicalJson(value)).toThrow(message);
});

function reversed(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(reversed);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .map(([key, member]) => [key, reversed(member)] as const)
      .reverse(),
  );
}

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== "object" || value === null) return value;
  return Object.entries(value)
    .map(([key, member]) => [key, sorted(member)] as const)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .concat([["object", true]]);
}
