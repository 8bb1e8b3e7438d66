import type { JsonValue, Metadata } from "../../spec/metadata.ts";

/** Returns a deep copy that shares nothing with the original. A key `__proto__` stays a plain key. −0 becomes
 * 0, as in JSON. */
export function copyJson(value: JsonValue): JsonValue {
  if (typeof value === "number") return value === 0 ? 0 : value;
  if (typeof value !== "object" || value === null) return value;
  if (isList(value)) return value.map(copyJson);
  return Object.fromEntries(Object.entries(value).map(([key, member]) => [key, copyJson(member)]));
}

/** Returns a deep copy of metadata without undefined values. */
export function copyMetadata(metadata: Metadata): Metadata {
  return Object.fromEntries(
    Object.entries(metadata).flatMap(([key, value]) => (value === undefined ? [] : [[key, copyJson(value)]])),
  );
}

function isList(value: JsonValue): value is readonly JsonValue[] {
  return Array.isArray(value);
}
