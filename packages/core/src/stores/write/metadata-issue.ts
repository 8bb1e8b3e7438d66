import { ConfigurationError, type ConfigurationIssue } from "../../errors/configuration-error.ts";
import type { FieldType, MetadataFields } from "../../spec/metadata.ts";
import { describeValue } from "../../kit/parsing/describe-value.ts";
import { expectation, fits } from "../filter/field-value.ts";
import { isPlainObject } from "../../kit/parsing/plain-object.ts";

const MAX_DEPTH = 32;
const MAX_ISSUES = 20;

/**
 * Returns an error of code `invalid_metadata` if metadata cannot be stored. It must survive JSON and UTF-8
 * unchanged. Declared fields must hold null, a value of their type, or a list of these. The error lists up to
 * 20 issues.
 */
export function metadataIssue(metadata: unknown, fields: MetadataFields): ConfigurationError | undefined {
  const issues: ConfigurationIssue[] = [];
  const report = (path: string, message: string): void => {
    if (issues.length < MAX_ISSUES) issues.push({ path, message });
  };
  if (isPlainObject(metadata)) {
    const present = Object.fromEntries(Object.entries(metadata).filter(([, value]) => value !== undefined));
    if (!isStorable(present, 0)) checkJson(present, "metadata", 0, report);
    for (const [name, type] of Object.entries(fields))
      if (type && Object.hasOwn(present, name)) checkField(present[name], type, `metadata.${name}`, report);
  } else report("metadata", `expected an object, got ${describeValue(metadata)}`);
  if (issues.length === 0) return undefined;
  const list = issues.map(({ path, message }) => `${path}: ${message}`).join("; ");
  return new ConfigurationError(`The metadata is invalid: ${list}`, { code: "invalid_metadata", issues });
}

type Report = (path: string, message: string) => void;

function checkField(value: unknown, type: FieldType, path: string, report: Report): void {
  const values: readonly unknown[] = Array.isArray(value) ? value : [value];
  values.forEach((element, i) => {
    if (element === null || fits(type, element)) return;
    report(
      Array.isArray(value) ? `${path}.${i}` : path,
      `${expectation(type, element)} (declared as ${type})`,
    );
  });
}

/** Returns true if {@link checkJson} would report nothing. It makes no paths, and almost all metadata is sound. */
function isStorable(value: unknown, depth: number): boolean {
  if (depth > MAX_DEPTH) return false;
  if (typeof value === "string") return value.isWellFormed();
  if (value === null || typeof value === "boolean") return true;
  if (typeof value === "number") return Number.isFinite(value);
  if (Array.isArray(value)) {
    const list: readonly unknown[] = value;
    for (let i = 0; i < list.length; i++) if (!isStorable(list[i], depth + 1)) return false;
    return true;
  }
  if (!isPlainObject(value)) return false;
  return Object.keys(value).every((key) => key.isWellFormed() && isStorable(value[key], depth + 1));
}

function checkJson(value: unknown, path: string, depth: number, report: Report): void {
  if (depth > MAX_DEPTH)
    return report(path, `is nested deeper than ${MAX_DEPTH} levels. Metadata must not contain itself`);
  if (value === null || typeof value === "boolean") return;
  if (typeof value === "string") {
    if (!value.isWellFormed()) report(path, "holds half of a surrogate pair. Use toWellFormed()");
    return;
  }
  if (typeof value === "number") {
    if (!Number.isFinite(value)) report(path, `${value} is not a JSON number. Use null, or omit the key`);
    return;
  }
  if (Array.isArray(value)) {
    const list: readonly unknown[] = value;
    for (let i = 0; i < list.length; i++) checkJson(list[i], `${path}.${i}`, depth + 1, report);
    return;
  }
  if (!isPlainObject(value))
    return report(path, `holds ${describeValue(value)}, which is not a JSON value. ${wayOut(value)}`);
  for (const [key, member] of Object.entries(value)) {
    if (!key.isWellFormed()) report(path, "has a key with half of a surrogate pair. Use toWellFormed()");
    checkJson(member, `${path}.${key}`, depth + 1, report);
  }
}

function wayOut(value: unknown): string {
  if (value instanceof Date) return "Use toISOString() with a datetime field";
  if (typeof value === "bigint") return "Use String() or Number()";
  if (value instanceof Map) return "Use Object.fromEntries()";
  if (value instanceof Set || ArrayBuffer.isView(value)) return "Use Array.from()";
  return typeof value === "object" ? "Use a plain object of the values you need" : "Omit the key";
}
