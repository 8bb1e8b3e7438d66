import { createHash } from "node:crypto";
import { isPlainObject } from "./parsing/plain-object.ts";

/**
 * Returns the SHA-256 of plain data as base64url, for cache keys. The order of an object's keys does not
 * matter, and keys whose value is undefined are ignored. Bytes count by their content. Throws a `TypeError`
 * for other values, such as a function or a Date, because two different values could look alike.
 */
export function canonicalDigest(value: unknown): string {
  return createHash("sha256").update(canonicalText(value)).digest("base64url");
}

// Each type starts with its own character, and JSON strings mark their end. So two different values have
// different texts.
function canonicalText(value: unknown): string {
  if (value === undefined) return "u";
  if (value === null || typeof value === "boolean" || typeof value === "string") return JSON.stringify(value);
  if (typeof value === "number") return Object.is(value, -0) ? "-0" : String(value);
  if (typeof value === "bigint") return `${value}n`;
  if (value instanceof Uint8Array) return `b${createHash("sha256").update(value).digest("base64url")}`;
  if (Array.isArray(value)) return `[${value.map(canonicalText).join(",")}]`;
  if (isPlainObject(value)) return objectText(value);
  throw new TypeError(`expected plain data for a cache key, got ${Object.prototype.toString.call(value)}`);
}

function objectText(value: object): string {
  const fields = Object.entries(value)
    .filter(([, field]) => field !== undefined)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, field]) => `${JSON.stringify(name)}:${canonicalText(field)}`);
  return `{${fields.join(",")}}`;
}
