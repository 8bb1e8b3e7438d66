import type { JsonValue, Metadata, MetadataFields } from "../../spec/metadata.ts";
import fc from "fast-check";
import { expect, inject, test } from "vitest";
import { filterPredicate } from "./filter-predicate.ts";
import { parseFilter } from "./parse-filter.ts";

const FIELDS: MetadataFields = {
  word: "keyword",
  number: "integer",
  when: "datetime",
  prose: "text",
  flag: "boolean",
};

const WORDS = ["a", "b", "A", ""];
const NUMBERS = [-1, 0, 1, 2];
const DATES = ["2024-01-01", "2024-01-01T01:00:00+01:00", "2024-01-02", "2023-12-31T23:59:59Z"];
const TEXTS = ["red fox", "Red", "fox trot", "blue"];
const FLAGS = [true, false];

/** One value, null, or a list of both. */
function held<T extends JsonValue>(values: readonly T[]): fc.Arbitrary<JsonValue> {
  const one = fc.constantFrom<JsonValue>(...values, null);
  return fc.oneof(one, fc.array(one, { maxLength: 3 }));
}

const metadata: fc.Arbitrary<Metadata> = fc.record(
  { word: held(WORDS), number: held(NUMBERS), when: held(DATES), prose: held(TEXTS), flag: held(FLAGS) },
  { requiredKeys: [] },
);

type Condition = Readonly<Record<string, JsonValue>>;

/** One of the keys, or two of them. */
function some(values: Readonly<Record<string, fc.Arbitrary<JsonValue>>>): fc.Arbitrary<Condition> {
  const pairs = Object.entries(values).map(([key, value]) => value.map((chosen) => [key, chosen] as const));
  return fc
    .array(fc.oneof(...pairs), { minLength: 1, maxLength: 2 })
    .map((chosen) => Object.fromEntries(chosen));
}
function equality(values: readonly JsonValue[]): fc.Arbitrary<Condition> {
  const one = fc.constantFrom<JsonValue>(...values, null);
  const list = fc.array(one, { maxLength: 3 });
  return some({ $eq: one, $ne: one, $in: list, $nin: list, $exists: fc.boolean() });
}
function order(values: readonly JsonValue[]): fc.Arbitrary<Condition> {
  const one = fc.constantFrom(...values);
  return some({ $gt: one, $gte: one, $lt: one, $lte: one });
}
const fieldFilter = some({
  word: fc.oneof(fc.constantFrom<JsonValue>(...WORDS, null), equality(WORDS)),
  number: fc.oneof(equality(NUMBERS), order(NUMBERS), order([0.5, 1.5])),
  when: fc.oneof(equality(DATES), order(DATES)),
  prose: fc.oneof(equality(TEXTS), some({ $text: fc.constantFrom(...TEXTS, "FOX", "fox red", "re") })),
  flag: equality(FLAGS),
});

/** Groups of what `inner` makes; built level by level, because a recursive arbitrary grows without bound. */
function grouped(inner: fc.Arbitrary<Condition>): fc.Arbitrary<Condition> {
  const list = fc.array(inner, { maxLength: 2 });
  const group = some({ $and: list, $or: list, $not: inner });
  return fc.oneof(inner, group);
}
const filter = grouped(grouped(fieldFilter));

// The docstrings of the spec, read aloud: no tree, no simplification, no shared code.
function holds(condition: Condition, point: Metadata): boolean {
  return Object.entries(condition).every(([key, value]) => {
    if (key === "$and") return lists(value).every((each) => holds(each, point));
    if (key === "$or") return lists(value).some((each) => holds(each, point));
    if (key === "$not") return !lists([value]).some((each) => holds(each, point));
    const operators =
      typeof value === "object" && value !== null ? Object.entries(value) : [["$eq", value] as const];
    return operators.every(([operator, operand]) => fieldHolds(operator, operand, point[key]));
  });
}

function lists(value: JsonValue | undefined): readonly Condition[] {
  const parsed: readonly Condition[] = JSON.parse(JSON.stringify(value));
  return parsed;
}

function fieldHolds(operator: string, operand: JsonValue, value: JsonValue | undefined): boolean {
  const elements: readonly JsonValue[] =
    value === undefined ? [] : JSON.parse(JSON.stringify([value].flat()));
  const any = (test: (element: JsonValue) => boolean): boolean => elements.some(test);
  const operands: readonly JsonValue[] = JSON.parse(JSON.stringify([operand].flat()));
  const equal = (element: JsonValue): boolean => operands.some((each) => key(each) === key(element));
  switch (operator) {
    case "$eq":
    case "$in":
      return any(equal);
    case "$ne":
    case "$nin":
      return !any(equal);
    case "$exists":
      return (value !== undefined) === operand;
    case "$gt":
      return any((element) => number(element) > number(operand));
    case "$gte":
      return any((element) => number(element) >= number(operand));
    case "$lt":
      return any((element) => number(element) < number(operand));
    case "$lte":
      return any((element) => number(element) <= number(operand));
    default:
      return lowerWords(operand).every((word) => any((element) => lowerWords(element).includes(word)));
  }
}

const lowerWords = (value: JsonValue): readonly string[] =>
  typeof value === "string" ? value.toLowerCase().split(" ") : [];
const isDate = (value: JsonValue): value is string => typeof value === "string" && /^\d{4}-/.test(value);
const key = (value: JsonValue): string => (isDate(value) ? `at ${Date.parse(value)}` : JSON.stringify(value));
function number(value: JsonValue): number {
  if (isDate(value)) return Date.parse(value);
  return typeof value === "number" ? value : NaN;
}

test("matches exactly the points that the spec says, for every filter (Q10)", () => {
  let held = 0;
  fc.assert(
    fc.property(filter, fc.array(metadata, { minLength: 1, maxLength: 5 }), (condition, points) => {
      const test = filterPredicate(parseFilter(condition, FIELDS));
      for (const point of points) {
        const expected = holds(condition, point);
        if (expected) held += 1;
        expect(test(point), JSON.stringify([condition, point])).toBe(expected);
      }
    }),
    { numRuns: 1000 * inject("propertyShare"), endOnFailure: true },
  );
  expect(held).toBeGreaterThan(200 * inject("propertyShare"));
});

test("treats a value of another type than declared as equal to nothing", () => {
  const equal = filterPredicate(parseFilter({ number: 1 }, FIELDS));
  const different = filterPredicate(parseFilter({ number: { $ne: 1 } }, FIELDS));
  expect(equal({ number: "1" })).toBe(false);
  expect(different({ number: "1" })).toBe(true);
  const after = filterPredicate(parseFilter({ when: { $lt: "2024-01-01" } }, FIELDS));
  expect(after({ when: "not a date" })).toBe(false);
  expect(after({ when: 5 })).toBe(false);
  const moment = filterPredicate(parseFilter({ when: "1970-01-01T00:00:00.000005Z" }, FIELDS));
  expect(moment({ when: 5 })).toBe(false);
});
