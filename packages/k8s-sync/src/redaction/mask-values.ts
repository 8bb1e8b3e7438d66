import type { JsonValue } from "@binnacle/core";
import { isJsonList, isJsonObject, type JsonObject } from "../objects/json-at.ts";
import { hidden } from "./hidden.ts";

/** Hides known values wherever they occur. */
export interface ValueMask {
  text(text: string): string;
  /** Hides the values in the status, the annotations and the commands of an object. All other fields are clean
   * by themselves, and a mask would hide names, labels and keys that look alike. */
  object(object: JsonObject): JsonObject;
}

/** A shorter value occurs in too many words. */
const shortest = 6;

/** Fields that repeat what another field says. */
const repeating: ReadonlySet<string> = new Set([
  "annotations",
  "args",
  "command",
  "description",
  "message",
  "status",
]);

const nothingMasked: ValueMask = { text: (text) => text, object: (object) => object };

/** With more values, no text is searched. */
const mostValues = 1_000;

/**
 * Creates a mask for values that were hidden in one object, because messages of its status repeat them. The
 * object's own names stay, because a password may be the name of its program.
 */
export function maskValues(
  values: ReadonlySet<string>,
  ownNames: () => readonly string[] = () => [],
): ValueMask {
  if (values.size === 0) return nothingMasked;
  const longestFirst = (texts: readonly string[]): readonly string[] =>
    [...texts].sort((a, b) => b.length - a.length);
  // A long value may contain a shorter one.
  const masked = longestFirst([...values].filter((value) => value.length >= shortest));
  const isSearched = masked.length <= mostValues;
  const kept = isSearched
    ? longestFirst(ownNames().filter((name) => masked.some((value) => name.includes(value))))
    : [];
  const text = (from: string, names: readonly string[] = kept): string => {
    if (!isSearched) return from.length < shortest ? from : hidden;
    const [name, ...others] = names;
    if (name === undefined) return masked.reduce((clean, each) => clean.replaceAll(each, hidden), from);
    return from
      .split(name)
      .map((part) => text(part, others))
      .join(name);
  };
  const mask = (from: JsonValue, isRepeating: boolean): JsonValue => {
    if (typeof from === "string") return isRepeating ? text(from) : from;
    if (isJsonList(from)) return from.map((item) => mask(item, isRepeating));
    return isJsonObject(from) ? object(from, isRepeating) : from;
  };
  const object = (from: JsonObject, isRepeating = false): JsonObject =>
    Object.fromEntries(
      Object.entries(from).map(([key, item]) => {
        const isName = typeof item === "string" && (key === "name" || key === "image");
        return [key, isName ? item : mask(item, isRepeating || repeating.has(key))];
      }),
    );
  return {
    text: (from) => text(from),
    object: (from) => (masked.length === 0 ? from : object(from)),
  };
}
