import { inspect } from "node:util";
import { BinnacleError } from "@binnacle/core";
import { isPlainObject } from "@binnacle/core/kit";

/**
 * JSON with the keys of every object, nested ones included, in order of their UTF-16 units: equal values yield equal
 * strings. A property that is undefined counts as missing. Throws code `invalid_metadata` where JSON would change the
 * value: NaN and infinities, dates, maps, functions.
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
