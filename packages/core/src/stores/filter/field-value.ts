import { describeValue } from "../../kit/parsing/describe-value.ts";
import type { FieldType } from "../../spec/metadata.ts";
import { instant } from "./instant.ts";

const EXPECTED = {
  keyword: "a string",
  text: "a string",
  integer: "an integer within ±(2^53 − 1)",
  float: "a finite number",
  boolean: "true or false",
  datetime: "a datetime such as 2026-03-01, 2026-03-01T09:30:00Z or 2026-03-01T09:30:00.5+01:00",
} as const satisfies Record<FieldType, string>;

/** Returns true if a single value other than null has this type. */
export function fits(type: FieldType, value: unknown): value is string | number | boolean {
  switch (type) {
    case "keyword":
    case "text":
      return typeof value === "string" && value.isWellFormed(); // UTF-8 cannot hold half of a surrogate pair
    case "integer":
      return Number.isSafeInteger(value);
    case "float":
      return Number.isFinite(value);
    case "boolean":
      return typeof value === "boolean";
    case "datetime":
      return typeof value === "string" && instant(value) !== undefined;
    default:
      return type satisfies never;
  }
}

/** Describes the expected type and the value for a message. */
export function expectation(type: FieldType, value: unknown): string {
  return `expected ${EXPECTED[type]}, got ${describeValue(value)}`;
}
