import type { SourceChange } from "@binnacle/core";
import { describeValue } from "@binnacle/core/kit";

type Kind = "string" | "number" | "function" | "object" | "array";

/** The fields of each change that a run relies on. */
const fieldsOf: { readonly [T in SourceChange["type"]]: Readonly<Record<string, Kind>> } = {
  upsert: { documentId: "string", scope: "string", version: "string", load: "function" },
  remove: { documentId: "string", scope: "string" },
  unreadable: { documentId: "string", scope: "string", error: "object" },
  listing: { scope: "string", state: "string" },
  checkpoint: { scope: "string", resume: "string" },
  current: { scope: "string", asOf: "number" },
  degraded: { scope: "string", error: "object" },
  scopes: { scopes: "array" },
  removed: { scope: "string" },
};
const fieldsByType: ReadonlyMap<unknown, Readonly<Record<string, Kind>>> = new Map(Object.entries(fieldsOf));

/** Why a run cannot take a change of an app's own source, or undefined if it can. A type that is not known passes: a newer
 * source may say more. */
export function changeIssue(change: unknown): string | undefined {
  if (typeof change !== "object" || change === null) return `expected a change, got ${describeValue(change)}`;
  const type: unknown = Reflect.get(change, "type");
  if (typeof type !== "string") return `expected a change with a type, got ${describeValue(change)}`;
  for (const [name, kind] of Object.entries(fieldsByType.get(type) ?? {})) {
    const value: unknown = Reflect.get(change, name);
    if (kindOf(value) === kind) continue;
    const wayOut = kind === "string" && typeof value === "number" ? "; use String()" : "";
    const article = kind === "array" || kind === "object" ? "an" : "a";
    return `${type}.${name}: expected ${article} ${kind}, got ${describeValue(value)}${wayOut}`;
  }
  return undefined;
}

function kindOf(value: unknown): string {
  if (value === null) return "null";
  return Array.isArray(value) ? "array" : typeof value;
}
