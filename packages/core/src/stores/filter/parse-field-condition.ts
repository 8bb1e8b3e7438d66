import type { FieldType, MetadataFields } from "../../spec/metadata.ts";
import { words } from "./words.ts";
import { describeValue } from "../../kit/parsing/describe-value.ts";
import { expectation, fits } from "./field-value.ts";
import { allOf, negation, type FilterNode, type Scalar } from "./filter-node.ts";
import { missing, type FilterParse } from "./filter-parse.ts";
import { isPlainObject } from "../../kit/parsing/plain-object.ts";

/** Most values in one `$in` or `$nin`. */
export const MAX_FILTER_VALUES = 10_000;

interface Field {
  readonly field: string;
  readonly type: FieldType;
}

/** Turns one operator's operand into a test. Returns undefined after it reported an issue. */
type ParseOperator = (
  field: Field,
  operand: unknown,
  path: string,
  parse: FilterParse,
) => FilterNode | undefined;

// A map, because an object would have the keys `constructor` and `__proto__`.
const OPERATORS: ReadonlyMap<string, ParseOperator> = new Map<string, ParseOperator>([
  ["$eq", (...at) => equality(...at)],
  ["$ne", (...at) => negated(equality(...at))],
  ["$in", (...at) => membership(...at)],
  ["$nin", (...at) => negated(membership(...at))],
  ["$gt", comparison("gt")],
  ["$gte", comparison("gte")],
  ["$lt", comparison("lt")],
  ["$lte", comparison("lte")],
  ["$exists", existence],
  ["$text", containment],
]);

/** Checks a filter's condition on one field: a bare value, or an object of operators that must all hold. */
export function parseFieldCondition(
  key: string,
  value: unknown,
  path: string,
  parse: FilterParse,
): FilterNode {
  const type = declaredType(parse.fields, key);
  if (type === undefined) {
    parse.report(path, unknownKey(key, parse.fields));
    return { kind: "none" };
  }
  const field = { field: key, type };
  const entries: readonly (readonly [string, unknown])[] = isPlainObject(value)
    ? Object.entries(value)
    : [["$eq", value]];
  const nodes = entries.map(([operator, operand]): FilterNode => {
    if (!parse.spend()) return { kind: "none" };
    const parseOperator = OPERATORS.get(operator);
    const at = isPlainObject(value) ? `${path}.${operator}` : path;
    if (operand === undefined) return missing(at, parse);
    if (parseOperator) return parseOperator(field, operand, at, parse) ?? { kind: "none" };
    parse.report(at, `is not an operator. Use one of ${[...OPERATORS.keys()].join(", ")}`);
    return { kind: "none" };
  });
  return allOf(nodes);
}

function declaredType(fields: MetadataFields, key: string): FieldType | undefined {
  return Object.hasOwn(fields, key) ? fields[key] : undefined;
}

function unknownKey(key: string, fields: MetadataFields): string {
  if (key.startsWith("$")) return "is not an operator here. Use $and, $or, $not or a field's name";
  const declared = Object.keys(fields).join(", ") || "none";
  return `is not a declared field (declared: ${declared}). Declare it in the fields of defineIndex or ensureCollection`;
}

function negated(node: FilterNode | undefined): FilterNode | undefined {
  return node && negation(node);
}

function equality(field: Field, operand: unknown, path: string, parse: FilterParse): FilterNode | undefined {
  const value = scalar(field.type, operand, path, parse);
  return value === undefined ? undefined : { kind: "in", ...field, values: [value] };
}

function membership(
  field: Field,
  operand: unknown,
  path: string,
  parse: FilterParse,
): FilterNode | undefined {
  if (!Array.isArray(operand))
    return refuse(parse, path, `expected a list of values, got ${describeValue(operand)}`);
  if (operand.length > MAX_FILTER_VALUES)
    return refuse(parse, path, `has ${operand.length} values, but at most ${MAX_FILTER_VALUES} are allowed`);
  const list: readonly unknown[] = operand;
  if (list.length === 0) return { kind: "none" };
  // list.map would skip holes, but a missing value must be refused like an undefined one.
  const values = Array.from(list, (value, i) => scalar(field.type, value, `${path}.${i}`, parse));
  return { kind: "in", ...field, values: values.filter((value) => value !== undefined) };
}

function comparison(operator: "gt" | "gte" | "lt" | "lte"): ParseOperator {
  return (field, operand, path, parse) => {
    const { type } = field;
    if (type !== "integer" && type !== "float" && type !== "datetime")
      return refuse(parse, path, `does not fit a ${type} field. It compares numbers and datetimes`);
    // An integer field may be compared with a bound such as 2.5.
    const bound = type === "integer" ? "float" : type;
    if (!fits(bound, operand) || typeof operand === "boolean")
      return refuse(parse, path, expectation(bound, operand));
    return { kind: "compare", ...field, operator, value: operand };
  };
}

function existence(field: Field, operand: unknown, path: string, parse: FilterParse): FilterNode | undefined {
  if (typeof operand !== "boolean") return refuse(parse, path, expectation("boolean", operand));
  const exists: FilterNode = { kind: "exists", ...field };
  return operand ? exists : negation(exists);
}

function containment(
  field: Field,
  operand: unknown,
  path: string,
  parse: FilterParse,
): FilterNode | undefined {
  if (field.type !== "text")
    return refuse(parse, path, `does not fit a ${field.type} field. It searches text fields`);
  if (typeof operand !== "string") return refuse(parse, path, expectation("text", operand));
  if (words(operand).length === 0)
    return refuse(parse, path, `must hold at least one word, got ${describeValue(operand)}`);
  return { kind: "text", ...field, text: operand };
}

function scalar(type: FieldType, value: unknown, path: string, parse: FilterParse): Scalar | undefined {
  if (value === null || fits(type, value)) return value;
  return refuse(
    parse,
    path,
    `${expectation(type, value)}${Array.isArray(value) ? ". Use $in for a list" : ""}`,
  );
}

function refuse(parse: FilterParse, path: string, message: string): undefined {
  parse.report(path, message);
}
