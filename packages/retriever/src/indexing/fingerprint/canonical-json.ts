import { inspect } from "node:util";
import { BinnacleError } from "@binnacle/core";
import { isPlainObject } from "@binnacle/core/kit";

/**
 * Returns JSON with the keys of every object, including nested objects, in UTF-16 order, so that equal values
 * give equal strings. An undefined property counts as missing. Throws an error with code `invalid_metadata`
 * if JSON would change the value: NaN, infinities, dates, maps and functions.
 */
export function canonicalJson(value: unknown, path = "metadata"): string {
  if (value === null || typeof value === "string" || typeof value === "boolean") return JSON.stringify(value);
  if (typeof value === "number" && Number.isFinite(value)) return JSON.stringify(value);
  if (Array.isArray(value)) {
    const items: readonly unknown[] = value;
    return `[${items.map((item, index) => canonicalJson(item, `${path}.${index}`)).join(",")}]`;
  }
  if (!isPlainObject(value)) throw notJson(value, path);
  const members = Object.entries(value)
    .filter(([, member]) => member !== undefined)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, member]) => `${JSON.stringify(key)}:${canonicalJson(member, `${path}.${key}`)}`);
  return `{${members.join(",")}}`;
}

function notJson(value: unknown, path: string): BinnacleError {
  const kind =
    typeof value === "object" ? Object.prototype.toString.call(value) : `${typeof value} ${inspect(value)}`;
  return new BinnacleError(
    "invalid_metadata",
    `${path} holds ${kind}; expected a JSON value (a date, say, as an ISO 8601 string)`,
  );
}
