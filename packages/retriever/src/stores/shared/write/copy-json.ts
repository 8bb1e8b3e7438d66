import type { JsonValue, Metadata } from "@binnacle/core";

/** A deep copy that shares nothing with the original; a key `__proto__` stays a plain key, −0 becomes 0 as in JSON. */
export function copyJson(value: JsonValue): JsonValue {
  if (typeof value === "number") return value === 0 ? 0 : value;
  if (typeof value !== "object" || value === null) return value;
  return isList(value) ? value.map(copyJson) : copyMetadata(value);
}

/** {@link copyJson} of metadata. */
export function copyMetadata(metadata: Metadata): Metadata {
  return Object.fromEntries(Object.entries(metadata).map(([key, value]) => [key, copyJson(value)]));
}

function isList(value: readonly JsonValue[] | Metadata): value is readonly JsonValue[] {
  return Array.isArray(value);
}
