import type { JsonValue, Metadata, MetadataFields } from "@binnacle/core";
import { copyMetadata } from "@binnacle/core/stores";
import { EMPTY_LISTS, EXACT_METADATA, METADATA } from "./payload-keys.ts";
import { rfc3339 } from "./rfc3339.ts";

/** The stored form of metadata. A null removes what an earlier write stored. */
export interface MetadataPayload {
  readonly [METADATA]: Metadata;
  readonly [EMPTY_LISTS]: readonly string[] | null;
  readonly [EXACT_METADATA]: string | null;
}

/** Returns metadata in a form that filters can read and that a reader gets back unchanged. */
export function metadataPayload(metadata: Metadata, fields: MetadataFields): MetadataPayload {
  const exact = copyMetadata(metadata);
  const entries = Object.entries(exact);
  const stored = Object.fromEntries(
    entries.map(([name, value]) => [name, fieldType(fields, name) === "datetime" ? readable(value) : value]),
  );
  const emptyLists = entries.filter(([, value]) => isList(value) && value.length === 0).map(([name]) => name);
  const text = JSON.stringify(exact);
  const changed = JSON.stringify(stored) !== text || !Object.values(exact).every(isExact);
  return {
    [METADATA]: stored,
    [EMPTY_LISTS]: emptyLists.length > 0 ? emptyLists : null,
    [EXACT_METADATA]: changed ? text : null,
  };
}

function fieldType(fields: MetadataFields, name: string): string | undefined {
  return Object.hasOwn(fields, name) ? fields[name] : undefined;
}

function readable(value: JsonValue | undefined): JsonValue | undefined {
  if (typeof value === "string") return rfc3339(value);
  if (!isList(value)) return value;
  return value.map((element) => (typeof element === "string" ? rfc3339(element) : element));
}

/** Returns true if Qdrant returns every number unchanged. Its JSON parser may change the last digit of a
 * double with many digits. */
function isExact(value: JsonValue | undefined): boolean {
  if (typeof value === "number") return isExactNumber(value);
  if (typeof value !== "object" || value === null) return true;
  return Object.values(value).every(isExact);
}

function isExactNumber(value: number): boolean {
  if (Number.isSafeInteger(value)) return true;
  const [digits = "", exponent = "0"] = String(Math.abs(value)).split("e");
  const [whole = "", fraction = ""] = digits.split(".");
  // Parsers round a significand below 2^53 with one exact power of ten only once, so all of them return the
  // same number.
  const power = Math.abs(Number(exponent) - fraction.length);
  return (whole + fraction).replace(/^0+/, "").length <= 15 && power <= 22;
}

function isList(value: JsonValue | undefined): value is readonly JsonValue[] {
  return Array.isArray(value);
}
