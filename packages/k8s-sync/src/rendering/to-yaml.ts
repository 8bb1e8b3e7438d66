import type { JsonValue } from "@binnacle/core";
import { isJsonList, isJsonObject } from "../objects/json-at.ts";

/** Writes JSON as YAML 1.2 in block style. Every string that YAML could read as something else is quoted as
 * JSON, which YAML contains. Ends without a line break. */
export function toYaml(value: JsonValue): string {
  return isJsonList(value) || isJsonObject(value) ? lines(value).join("\n") : scalar(value);
}

function lines(value: JsonValue): readonly string[] {
  if (isJsonList(value)) {
    if (value.length === 0) return ["[]"];
    return value.flatMap((item) => listItem(item));
  }
  if (!isJsonObject(value)) return [scalar(value)];
  const entries = Object.entries(value);
  return entries.length === 0 ? ["{}"] : entries.flatMap(([key, item]) => mapEntry(key, item));
}

function listItem(item: JsonValue): readonly string[] {
  const [first = "", ...rest] = lines(item);
  return [`- ${first}`, ...rest.map((line) => `  ${line}`)];
}

function mapEntry(key: string, item: JsonValue): readonly string[] {
  const name = scalar(key);
  if (isEmptyOrScalar(item)) return [`${name}: ${lines(item)[0] ?? ""}`];
  return [`${name}:`, ...lines(item).map((line) => `  ${line}`)];
}

function isEmptyOrScalar(item: JsonValue): boolean {
  if (isJsonList(item)) return item.length === 0;
  return !isJsonObject(item) || Object.keys(item).length === 0;
}

// A plain scalar starts with a letter, a slash or a digit of a name, and has no sign that YAML reads.
const plain = /^[A-Za-z_/(][A-Za-z0-9_./@+() -]*(?::[A-Za-z0-9_./@+-]+)*$/;
const reserved = /^(?:true|false|yes|no|on|off|null|y|n|\.?nan|\.?inf)$/i;

function scalar(value: string | number | boolean | null): string {
  if (typeof value !== "string") return JSON.stringify(value);
  return plain.test(value) && !reserved.test(value) && !value.endsWith(" ") ? value : JSON.stringify(value);
}
