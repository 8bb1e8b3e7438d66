import {
  ConfigurationError,
  type ConfigurationIssue,
  type ManifestBinding,
  type ManifestEntry,
  type ManifestRecordName,
} from "@binnacle/core";
import { parseOptions, once } from "@binnacle/core/kit";
import { z } from "zod";

const DEFAULT_LEASE_MS = 30_000;

/** A binding with its defaults. */
export interface ResolvedBinding extends ManifestRecordName {
  readonly tokenAbove: number;
  readonly leaseMs: number;
}

const recordSchema = once(() =>
  z.strictObject({
    sourceId: z.string().min(1),
    collection: z.string().min(1),
    incarnation: z.string().min(1),
    tenant: z.string().min(1).optional(),
  }),
);
const bindingSchema = once(() =>
  recordSchema().extend({
    tokenAbove: z.int().nonnegative().default(0),
    leaseMs: z.int().positive().default(DEFAULT_LEASE_MS),
  }),
);

/** Checks a binding and fills in its defaults. Throws a `ConfigurationError` that lists every issue. */
export function resolveBinding(component: string, binding: ManifestBinding): ResolvedBinding {
  return parseOptions(component, bindingSchema(), binding);
}

/** Checks the name of a record. Throws a `ConfigurationError` that lists every issue. */
export function checkRecordName(component: string, record: ManifestRecordName): ManifestRecordName {
  return parseOptions(component, recordSchema(), record);
}

/** Throws a `ConfigurationError` that lists every entry that cannot be recorded. */
export function checkEntries(component: string, entries: readonly ManifestEntry[]): void {
  const issues: ConfigurationIssue[] = [];
  entries.forEach(({ documentId, slots }, i) => {
    if (documentId === "") issues.push({ path: `${i}.documentId`, message: "must not be empty" });
    for (const { slot } of slots)
      if (!Number.isSafeInteger(slot) || slot < 0)
        issues.push({ path: `${i}.slots`, message: `a slot is a whole number from 0, got ${slot}` });
  });
  if (issues.length === 0) return;
  const list = issues.map(({ path, message }) => `${path}: ${message}`).join("; ");
  throw new ConfigurationError(`${component}: ${list}`, { issues });
}
