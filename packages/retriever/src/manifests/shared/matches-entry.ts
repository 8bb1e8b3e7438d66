import type { ManifestEntry, ManifestListOptions } from "@binnacle/core";

/** Returns true if an entry meets all given conditions. */
export function matchesEntry(
  entry: ManifestEntry,
  { scope, notSeenIn, state }: ManifestListOptions,
): boolean {
  if (scope !== undefined && entry.scope !== scope) return false;
  if (notSeenIn !== undefined && entry.seenIn === notSeenIn) return false;
  return state === undefined || entry.state === state;
}
