import { createHash } from "node:crypto";

/**
 * A SHA-256 (base64url) of plain data, for cache keys: the order of an object's keys and keys whose value is undefined do
 * not matter, everything else does. Bytes count by their content. Nobody can read the data from the digest. Throws a
 * `TypeError` for a value that is no plain data, such as a function or a Date, since two of them could look alike.
 */
export function canonicalDigest(value: unknown): string {
  return createHash("sha256").update(canonicalText(value)).digest("base64url");
}

// Every kind begins with a character of its own and JSON strings end by themselves, so no two values have one text.
function canonicalText(value: unknown): string {
  if (value === undefined) return "u";
  if (value === null || typeof value === "boolean" || typeof value === "string") return JSON.stringify(value);
  if (typeof value === "number") return Object.is(value, -0) ? "-0" : String(value);
  if (typeof value === "bigint") return `${value}n`;
  if (value instanceof Uint8Array) return `b${createHash("sha256").update(value).digest("base64url")}`;
  if (Array.isArray(value)) return `[${value.map(canonicalText).join(",")}]`;
  if (typeof value === "object" && isPlain(value)) return objectText(value);
  throw new TypeError(`expected plain data for a cache key, got ${Object.prototype.toString.call(value)}`);
}

function objectText(value: object): string {
  const fields = Object.entries(value)
    .filter(([, field]) => field !== undefined)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, field]) => `${JSON.stringify(name)}:${canonicalText(field)}`);
  return `{${fields.join(",")}}`;
}

function isPlain(value: object): boolean {
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}
