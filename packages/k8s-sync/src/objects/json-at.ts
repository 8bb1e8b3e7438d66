import type { JsonValue } from "@binnacle/core";

/** A JSON object. */
export type JsonObject = { readonly [key: string]: JsonValue };

/** Returns true for a JSON array. */
export function isJsonList(value: JsonValue | undefined): value is readonly JsonValue[] {
  return Array.isArray(value);
}

/** Returns true for a JSON object that is not an array. */
export function isJsonObject(value: JsonValue | undefined): value is JsonObject {
  return typeof value === "object" && value !== null && !isJsonList(value);
}

/** Returns the value at a path of keys. Undefined if a step is missing. */
export function jsonAt(value: JsonValue | undefined, ...path: readonly string[]): JsonValue | undefined {
  let at = value;
  for (const key of path) {
    if (!isJsonObject(at) || !Object.hasOwn(at, key)) return undefined;
    at = at[key];
  }
  return at;
}

/** Returns the string at a path. Undefined if it is missing, empty or of another type. */
export function stringAt(value: JsonValue | undefined, ...path: readonly string[]): string | undefined {
  const found = jsonAt(value, ...path);
  return typeof found === "string" && found !== "" ? found : undefined;
}

/** Returns the number at a path. Undefined if it is missing or of another type. */
export function numberAt(value: JsonValue | undefined, ...path: readonly string[]): number | undefined {
  const found = jsonAt(value, ...path);
  return typeof found === "number" ? found : undefined;
}

/** Returns the text of the string, number or boolean at a path. Undefined for any other value. */
export function scalarAt(value: JsonValue | undefined, ...path: readonly string[]): string | undefined {
  const found = jsonAt(value, ...path);
  return typeof found === "number" || typeof found === "boolean" ? String(found) : stringAt(found);
}

/** Returns the array at a path. Empty if it is missing or of another type. */
export function listAt(value: JsonValue | undefined, ...path: readonly string[]): readonly JsonValue[] {
  const found = jsonAt(value, ...path);
  return isJsonList(found) ? found : [];
}

/** Returns the strings of the array at a path. */
export function stringsAt(value: JsonValue | undefined, ...path: readonly string[]): readonly string[] {
  return listAt(value, ...path).filter((item) => typeof item === "string");
}

/** Returns the object at a path. Empty if it is missing or of another type. */
export function objectAt(value: JsonValue | undefined, ...path: readonly string[]): JsonObject {
  const found = jsonAt(value, ...path);
  return isJsonObject(found) ? found : {};
}

/** Returns the keys and strings of the object at a path, such as labels. */
export function pairsAt(
  value: JsonValue | undefined,
  ...path: readonly string[]
): readonly (readonly [string, string])[] {
  return Object.entries(objectAt(value, ...path)).flatMap(([key, item]) =>
    typeof item === "string" ? [[key, item] as const] : [],
  );
}
