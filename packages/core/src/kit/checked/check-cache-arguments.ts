import { z } from "zod";
import { ConfigurationError } from "../../errors/configuration-error.ts";
import { callOptionsFields, parseCallOptions } from "../parsing/call-options.ts";
import { describeValue } from "../parsing/describe-value.ts";
import { once } from "../once.ts";
import { parseOptions } from "../parsing/parse-options.ts";

const setSchema = once(() =>
  z.strictObject({ ...callOptionsFields, ttlMs: z.number().optional() }).default({}),
);

/** Throws a `ConfigurationError` unless these are arguments of a cache's `getMany` or `deleteMany`. */
export function checkCacheKeys(method: string, keys: unknown, options: unknown): void {
  checkList(method, "keys", keys, (key) =>
    typeof key === "string" ? undefined : `expected a string, got ${describeValue(key)}`,
  );
  parseCallOptions(method, options);
}

/** Throws a `ConfigurationError` unless these are arguments of a cache's `setMany`. */
export function checkCacheEntries(entries: unknown, options: unknown): void {
  checkList("setMany", "entries", entries, (entry) => {
    if (!Array.isArray(entry)) return `expected [key, value], got ${describeValue(entry)}`;
    const [key, value]: readonly unknown[] = entry;
    if (typeof key !== "string") return `expected a string as key, got ${describeValue(key)}`;
    if (value instanceof Uint8Array) return undefined;
    const wayOut = typeof value === "string" ? "; use new TextEncoder().encode()" : "";
    return `expected a Uint8Array as value, got ${describeValue(value)}${wayOut}`;
  });
  parseOptions("setMany", setSchema(), options);
}

function checkList(
  method: string,
  name: string,
  list: unknown,
  issueOf: (item: unknown) => string | undefined,
): void {
  if (!Array.isArray(list))
    throw new ConfigurationError(`${method}: ${name}: expected an array, got ${describeValue(list)}`);
  for (let i = 0; i < list.length; i++) {
    const issue = issueOf(list[i]);
    if (issue !== undefined) throw new ConfigurationError(`${method}: ${name}.${i}: ${issue}`);
  }
}
