import type { JsonValue, Metadata } from "../../spec/metadata.ts";
import { words } from "./words.ts";
import type { FilterNode } from "./filter-node.ts";
import { instant } from "./instant.ts";

/** Returns true if a point's metadata matches a filter. */
export type MetadataTest = (metadata: Metadata) => boolean;
type ValueTest = (value: JsonValue) => boolean;
type ValueCondition = Extract<FilterNode, { kind: "in" | "compare" }>;

/**
 * Returns a function that tests metadata against a filter. It reads only own properties. A value that does
 * not have the field's declared type equals nothing. Such values may exist if the field was declared after
 * they were written.
 */
export function filterPredicate(node: FilterNode): MetadataTest {
  switch (node.kind) {
    case "all":
      return () => true;
    case "none":
      return () => false;
    case "and": {
      const tests = node.nodes.map(filterPredicate);
      return (metadata) => tests.every((test) => test(metadata));
    }
    case "or": {
      const tests = node.nodes.map(filterPredicate);
      return (metadata) => tests.some((test) => test(metadata));
    }
    case "not": {
      const test = filterPredicate(node.node);
      return (metadata) => !test(metadata);
    }
    case "exists":
      return (metadata) => Object.hasOwn(metadata, node.field);
    case "text":
      return allWords(node.field, words(node.text));
    default:
      return anyElement(node.field, valueTest(node));
  }
}

/** Treats the elements of a list as one text, so that each word may be in any element. */
function allWords(field: string, wanted: readonly string[]): MetadataTest {
  return (metadata) => {
    const value = Object.hasOwn(metadata, field) ? metadata[field] : undefined;
    const elements = value === undefined || !isList(value) ? [value] : value;
    const found = new Set(elements.flatMap((element) => (typeof element === "string" ? words(element) : [])));
    return wanted.every((word) => found.has(word));
  };
}

function anyElement(field: string, test: ValueTest): MetadataTest {
  return (metadata) => {
    if (!Object.hasOwn(metadata, field)) return false;
    const value = metadata[field];
    if (value === undefined) return false;
    return isList(value) ? value.some(test) : test(value);
  };
}

function isList(value: JsonValue): value is readonly JsonValue[] {
  return Array.isArray(value);
}

function valueTest(test: ValueCondition): ValueTest {
  const { type } = test;
  switch (test.kind) {
    case "in":
      return type === "datetime" ? instantMembership(test.values) : membership(test.values);
    case "compare": {
      const compare = comparisons[test.operator];
      if (type !== "datetime")
        return (value) => typeof value === "number" && compare(value, Number(test.value));
      const bound = instant(String(test.value)) ?? NaN;
      return (value) => typeof value === "string" && compare(instant(value) ?? NaN, bound);
    }
    default:
      return test satisfies never;
  }
}

type Comparable = number | bigint;

const comparisons = {
  gt: (a: Comparable, b: Comparable): boolean => a > b,
  gte: (a: Comparable, b: Comparable): boolean => a >= b,
  lt: (a: Comparable, b: Comparable): boolean => a < b,
  lte: (a: Comparable, b: Comparable): boolean => a <= b,
} as const;

function membership(values: readonly JsonValue[]): ValueTest {
  const [only] = values;
  if (values.length === 1) return (value) => value === only;
  const set = new Set(values);
  return (value) => set.has(value);
}

function instantMembership(values: readonly JsonValue[]): ValueTest {
  const instants = new Set(values.map(instantOrNull));
  return (value) => {
    const known = instantOrNull(value);
    return known !== undefined && instants.has(known);
  };
}

/** Returns undefined for a number, because instants are numbers too and must not match it. */
function instantOrNull(value: JsonValue): number | bigint | null | undefined {
  if (value === null) return null;
  return typeof value === "string" ? instant(value) : undefined;
}
