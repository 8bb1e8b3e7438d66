import { expect, test } from "vitest";
import { z } from "zod";
import { callOptionsFields, parseCallOptions } from "./call-options.ts";
import { parseOptions } from "./parse-options.ts";

test("returns the options that every call may have", () => {
  const signal = new AbortController().signal;
  expect(parseCallOptions("get", { signal, deadlineAt: 5 })).toEqual({ signal, deadlineAt: 5 });
  expect(parseCallOptions("get", undefined)).toEqual({});
});

test.each<[what: string, options: unknown, message: RegExp]>([
  [
    "an unknown key",
    { topK: 1 },
    /^get: `topK` is not an option; the options are signal, deadlineAt, traceparent$/,
  ],
  ["two unknown keys", { topK: 1, k: 2 }, /`topK`, `k` are not options/],
  [
    "a controller instead of its signal",
    { signal: new AbortController() },
    /signal: .*got an AbortController/,
  ],
  [
    "a date instead of a number",
    { deadlineAt: new Date(0) },
    /deadlineAt: .*Date\.now\(\) \+ 5000, got a Date/,
  ],
  ["NaN", { deadlineAt: Number.NaN }, /deadlineAt: .*got the number NaN/],
  ["null", null, /expected object, received null/],
  ["a number", 5, /expected object, received number/],
])("refuses %s", (_, options, message) => {
  expect(() => parseCallOptions("get", options)).toThrow(
    expect.objectContaining({ name: "ConfigurationError", message: expect.stringMatching(message) }),
  );
});

test("names the allowed keys of a nested object, of its defaults and of the elements of lists", () => {
  const inner = z.strictObject({ dense: z.number().optional() });
  const schema = z
    .strictObject({
      ...callOptionsFields,
      minScore: inner.default({}),
      legs: z.array(inner.optional()).optional(),
      names: z.record(z.string(), inner).optional(),
    })
    .refine(() => true);
  for (const options of [{ minScore: { x: 1 } }, { legs: [{ x: 1 }] }, { names: { a: { x: 1 } } }]) {
    expect(() => parseOptions("f", schema, options)).toThrow(/`x` is not an option; the options are dense$/);
  }
});
