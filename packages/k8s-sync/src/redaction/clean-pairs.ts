import type { JsonValue } from "@binnacle/core";
import { isJsonList, isJsonObject, stringAt, type JsonObject } from "../objects/json-at.ts";
import { hidden } from "./hidden.ts";

interface PairCleaner {
  readonly scrub: (text: string) => string;
  readonly isSensitive: (name: string) => boolean;
  readonly onHidden: (value: string) => void;
}

/** Hides the literal values of environment variables. Names and references stay. */
export function cleanEnvironment(
  value: JsonValue,
  cleaner: PairCleaner,
  cleanReference: (value: JsonValue) => JsonValue,
): JsonValue {
  if (typeof value === "string") return assignmentName(value, cleaner);
  if (isJsonObject(value)) return hiddenMap(value, cleaner);
  if (!isJsonList(value)) return value;
  return value.map((item) => {
    if (typeof item === "string") return assignmentName(item, cleaner);
    if (!isJsonObject(item)) return hidden;
    const { name = "", valueFrom, ...rest } = item;
    const clean: Record<string, JsonValue> = {
      name: typeof name === "string" ? cleaner.scrub(name) : hidden,
    };
    if (valueFrom !== undefined) clean["valueFrom"] = cleanReference(valueFrom);
    const literal = stringAt(rest, "value");
    if (literal !== undefined) remember(typeof name === "string" ? name : "", literal, cleaner);
    if (Object.keys(rest).length > 0) clean["value"] = hidden;
    return clean;
  });
}

/** Hides the values of HTTP headers. */
export function cleanHeaders(value: JsonValue, cleaner: PairCleaner): JsonValue {
  if (isJsonList(value)) return value.map((item) => cleanHeaders(item, cleaner));
  if (!isJsonObject(value)) return hidden;
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => {
      if (key === "name" && typeof item === "string") return [key, cleaner.scrub(item)];
      if (typeof item === "string") {
        remember(key, item, cleaner);
        return [cleaner.scrub(key), hidden];
      }
      return [cleaner.scrub(key), typeof item === "boolean" ? item : cleanHeaders(item, cleaner)];
    }),
  );
}

function hiddenMap(map: JsonObject, cleaner: PairCleaner): JsonObject {
  return Object.fromEntries(
    Object.entries(map).map(([key, item]) => {
      if (typeof item === "string") remember(key, item, cleaner);
      return [cleaner.scrub(key), hidden];
    }),
  );
}

function assignmentName(text: string, cleaner: PairCleaner): string {
  const at = text.indexOf("=");
  if (at === -1) return hidden;
  remember(text.slice(0, at), text.slice(at + 1), cleaner);
  return `${cleaner.scrub(text.slice(0, at))}=${hidden}`;
}

/** Remembers a hidden value, so that it is masked elsewhere too. A plain word, such as the name of a
 * namespace, would hide too much. */
function remember(name: string, value: string, { isSensitive, onHidden }: PairCleaner): void {
  const isTelling = isSensitive(name) ? value.length >= 6 : value.length >= 12 && isCodeLike(value);
  if (isTelling) onHidden(value);
}

function isCodeLike(value: string): boolean {
  return /\d/.test(value) && /[A-Za-z]/.test(value) && !/[\s/:.]/.test(value);
}
