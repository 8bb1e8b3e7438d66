import { expect, test } from "vitest";
import { describeValue } from "./describe-value.ts";

class Row {
  readonly id = 1;
}

test.each<[value: unknown, name: string]>([
  [undefined, "undefined"],
  [null, "null"],
  [true, "true"],
  ["id", 'the string "id"'],
  [Number.NaN, "the number NaN"],
  [7n, "the BigInt 7"],
  [Symbol("x"), "a symbol"],
  [() => 1, "a function"],
  [[], "an empty array"],
  [[1, 2], "an array of 2"],
  [new Date(0), "a Date"],
  [new Array(3), "an array of 3"],
  [new Float64Array(2), "a Float64Array"],
  [new AbortController(), "an AbortController"],
  [Promise.resolve(), "a Promise; await it first"],
  // oxlint-disable-next-line unicorn/no-thenable -- a query builder's lazy promise
  [{ then: () => undefined }, "a Promise; await it first"],
  [new Row(), "a Row"],
  [{}, "an empty object"],
  [Object.create(null), "an empty object"],
  [{ id: 1, text: "x" }, "an object with id, text"],
  [{ a: 1, b: 2, c: 3, d: 4, e: 5 }, "an object with a, b, c, d, …"],
])("names a value (%#)", (value, name) => {
  expect(describeValue(value)).toBe(name);
});

test("shortens a long string, also between the halves of a surrogate pair", () => {
  expect(describeValue(`${"x".repeat(39)}🙂${"y".repeat(20)}`)).toBe(`the string "${"x".repeat(39)}\ufffd…"`);
});
