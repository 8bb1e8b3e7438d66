import { inspect } from "node:util";
import { BinnacleError } from "@binnacle/core";
import { isPlainObject } from "@binnacle/core/kit";

/**
 * Returns JSON with the keys of every object, including nested objects, in UTF-16 order, so that equal values
 * give equal strings. An undefined property counts as missing. Throws an error with code `invalid_metadata`
 * if JSON would change the value: NaN, infinities, dates, maps and functions.
 */
export function canonicalJson(value: unknown, path = "metadata"): string {
  const text = textOf(value);
  if (text === undefined) throw notJson(...findOther(value, path));
  return text;
}

/** Undefined if JSON would change the value. */
function textOf(value: unknown): string | undefined {
  if (value === null || typeof value === "string" || typeof value === "boolean") return JSON.stringify(value);
  if (typeof value === "number") return Number.isFinite(value) ? JSON.stringify(value) : undefined;
  const parts: string[] = [];
  if (Array.isArray(value)) {
    const items: readonly unknown[] = value;
    for (let index = 0; index < items.length; index += 1) {
      const text = textOf(items[index]);
      if (text === undefined) return undefined;
      parts.push(text);
    }
    return `[${parts.join(",")}]`;
  }
  if (!isPlainObject(value)) return undefined;
  for (const key of Object.keys(value).sort()) {
    if (value[key] === undefined) continue;
    const text = textOf(value[key]);
    if (text === undefined) return undefined;
    parts.push(`${JSON.stringify(key)}:${text}`);
  }
  return `{${parts.join(",")}}`;
}

/** Returns the first value that JSON would change, and its path. */
function findOther(value: unknown, path: string): readonly [value: unknown, path: string] {
  const members = Array.isArray(value)
    ? Array.from<unknown>(value).entries()
    : isPlainObject(value)
      ? Object.entries(value).filter(([, member]) => member !== undefined)
      : [];
  for (const [key, member] of members)
    if (textOf(member) === undefined) return findOther(member, `${path}.${key}`);
  return [value, path];
}

function notJson(value: unknown, path: string): BinnacleError {
  const kind =
    typeof value === "object" ? Object.prototype.toString.call(value) : `${typeof value} ${inspect(value)}`;
  return new BinnacleError(
    "invalid_metadata",
    `${path} holds ${kind}; expected a JSON value (a date, say, as an ISO 8601 string)`,
  );
}
