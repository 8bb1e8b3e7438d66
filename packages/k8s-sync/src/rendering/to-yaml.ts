import type { JsonValue } from "@binnacle/core";
import { isJsonList, isJsonObject, type JsonObject } from "../objects/json-at.ts";

/** Writes JSON as YAML 1.2 in block style. Every string that YAML could read as something else is quoted as
 * JSON, which YAML contains. Ends without a line break. */
export function toYaml(value: JsonValue): string {
  return block(value, "\n");
}

/** Writes one field of an object. The fields of an object, joined by line breaks, are its YAML. */
export function yamlField(key: string, value: JsonValue): string {
  return field(key, value, "\n");
}

/** `line` is a line break and the indentation of the block. */
function block(value: JsonValue, line: string): string {
  if (isJsonList(value)) return value.length === 0 ? "[]" : items(value, line);
  if (isJsonObject(value)) return fields(value, line);
  return scalar(value);
}

function items(list: readonly JsonValue[], line: string): string {
  const inner = `${line}  `;
  let text = "";
  for (const item of list) text += `${text === "" ? "- " : `${line}- `}${block(item, inner)}`;
  return text;
}

function fields(object: JsonObject, line: string): string {
  let text = "";
  for (const key of Object.keys(object))
    text += (text === "" ? "" : line) + field(key, object[key] ?? null, line);
  return text === "" ? "{}" : text;
}

function field(key: string, value: JsonValue, line: string): string {
  const inner = `${line}  `;
  const text = block(value, inner);
  return `${scalar(key)}:${isEmptyOrScalar(value) ? " " : inner}${text}`;
}

function isEmptyOrScalar(value: JsonValue): boolean {
  if (isJsonList(value)) return value.length === 0;
  return !isJsonObject(value) || Object.keys(value).length === 0;
}

// A plain scalar starts with a letter, a slash or a digit of a name, and has no sign that YAML reads.
const plain = /^[A-Za-z_/(][A-Za-z0-9_./@+() -]*(?::[A-Za-z0-9_./@+-]+)*$/;
const reserved = /^(?:true|false|yes|no|on|off|null|y|n|\.?nan|\.?inf)$/i;

function scalar(value: string | number | boolean | null): string {
  if (typeof value !== "string") return JSON.stringify(value);
  return plain.test(value) && !reserved.test(value) && !value.endsWith(" ") ? value : JSON.stringify(value);
}
