import type { ManifestEntry } from "@binnacle/core";
import { unknownScope, type Listing } from "../run/listing.ts";
import type { RunContext } from "../run/run-context.ts";

/** The entry of a document that the source showed, before and after a step of the run. */
export interface ShownEntry {
  readonly before: ManifestEntry | undefined;
  readonly after: ManifestEntry;
  /** The listing that showed it, if any. */
  readonly listing: Listing | undefined;
}

/**
 * Writes manifest entries and counts the documents that come into a scope, so that the mass-deletion guard
 * can exclude them.
 */
export async function recordShown(context: RunContext, shown: readonly ShownEntry[]): Promise<void> {
  if (shown.length === 0) return;
  await context.entries.put(
    shown.map(({ after }) => after),
    context.call,
  );
  for (const { before, after, listing } of shown) {
    if (before?.scope === after.scope) continue;
    if (before?.scope === unknownScope) context.tally.adopted += 1;
    else if (listing !== undefined) listing.added += 1;
  }
}
