import type { JsonValue } from "@binnacle/core";
import { isJsonList, isJsonObject, type JsonObject } from "../objects/json-at.ts";
import { hidden } from "./hidden.ts";

/** Hides known values wherever they occur. */
export interface ValueMask {
  readonly isEmpty: boolean;
  text(text: string): string;
  object(object: JsonObject): JsonObject;
}

/** Creates a mask for values that were hidden in one object, because messages of its status repeat them. */
export function maskValues(values: ReadonlySet<string>): ValueMask {
  // A long value may contain a shorter one.
  const ordered = [...values].sort((a, b) => b.length - a.length);
  const text = (from: string): string =>
    ordered.reduce((clean, value) => (clean.includes(value) ? clean.replaceAll(value, hidden) : clean), from);
  const clean = (value: JsonValue): JsonValue => {
    if (typeof value === "string") return text(value);
    if (isJsonList(value)) return value.map(clean);
    return isJsonObject(value) ? object(value) : value;
  };
  const object = (from: JsonObject): JsonObject =>
    Object.fromEntries(Object.entries(from).map(([key, value]) => [text(key), clean(value)]));
  return { isEmpty: ordered.length === 0, text, object };
}
