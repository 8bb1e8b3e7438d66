import type { SourceChange } from "@binnacle/core";
import { describeValue } from "@binnacle/core/kit";

interface Kind {
  readonly name: string;
  readonly fits: (value: unknown) => boolean;
}

const text: Kind = { name: "a string", fits: (value) => typeof value === "string" };
const time: Kind = { name: "a finite number", fits: Number.isFinite };
const load: Kind = { name: "a function", fits: (value) => typeof value === "function" };
const error: Kind = {
  name: "an error",
  fits: (value) => typeof value === "object" && value !== null && !Array.isArray(value),
};
const names: Kind = {
  name: "an array of strings",
  fits: (value) => Array.isArray(value) && value.every((name) => typeof name === "string"),
};
const listingState: Kind = {
  name: '"started", "complete" or "aborted"',
  fits: (value) => value === "started" || value === "complete" || value === "aborted",
};

/** The fields of each change that a run relies on. */
const fieldsOf: { readonly [T in SourceChange["type"]]: Readonly<Record<string, Kind>> } = {
  upsert: { documentId: text, scope: text, version: text, load },
  remove: { documentId: text, scope: text },
  unreadable: { documentId: text, scope: text, error },
  listing: { scope: text, state: listingState },
  checkpoint: { scope: text, resume: text },
  current: { scope: text, asOf: time },
  degraded: { scope: text, error },
  scopes: { scopes: names },
  removed: { scope: text },
};
const fieldsByType: ReadonlyMap<unknown, Readonly<Record<string, Kind>>> = new Map(Object.entries(fieldsOf));

/**
 * Returns why a run cannot take a change, or undefined if it can. A change of an unknown type passes, because
 * a newer source may send more types.
 */
export function changeIssue(change: unknown): string | undefined {
  if (typeof change !== "object" || change === null) return `expected a change, got ${describeValue(change)}`;
  const type: unknown = Reflect.get(change, "type");
  if (typeof type !== "string") return `expected a change with a type, got ${describeValue(change)}`;
  for (const [field, { name, fits }] of Object.entries(fieldsByType.get(type) ?? {})) {
    const value: unknown = Reflect.get(change, field);
    if (fits(value)) continue;
    const wrong = Array.isArray(value) ? value.find((item) => !text.fits(item)) : undefined;
    const found = wrong === undefined ? describeValue(value) : `${describeValue(wrong)} in it`;
    const wayOut = name === text.name && typeof value === "number" ? "; use String()" : "";
    return `${type}.${field}: expected ${name}, got ${found}${wayOut}`;
  }
  return undefined;
}
