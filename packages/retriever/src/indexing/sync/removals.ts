import type { BinnacleError } from "@binnacle/core";
import { concerns, type Removal } from "../documents/removal.ts";
import { countEntries, removeDocuments, removeUnseen } from "../documents/remove-documents.ts";
import { unknownScope, type Listing } from "./listing.ts";
import type { RunContext } from "./run-context.ts";
import type { ScopeListings } from "./scope-listings.ts";

/** Removes what the source took away, where it belongs to the scope it was taken from. */
export async function applyRemovals(context: RunContext, removals: readonly Removal[]): Promise<void> {
  const { entries, call, tally, retries } = context;
  if (removals.length === 0) return;
  const known = await entries.get(
    removals.map(({ documentId }) => documentId),
    call,
  );
  const concerned = removals
    .map((removal, position) => ({ removal, entry: known[position] }))
    .filter(({ removal, entry }) => {
      const scope = entry?.scope ?? retries.scopeOf(removal.documentId);
      return scope === undefined || concerns(removal, scope);
    });
  const refused = await removeDocuments(
    context,
    concerned.flatMap(({ entry }) => entry ?? []),
  );
  tally.documentsDone += removals.length;
  for (const { removal } of concerned) {
    if (refused.has(removal.documentId)) continue;
    tally.succeed(removal.documentId);
    retries.forget(removal.documentId);
  }
  context.report();
}

/** Removes what a whole listing did not show; returns a refusal instead where that would be a mass deletion. */
export async function removeUnlisted(
  context: RunContext,
  { scope, id, added }: Listing,
): Promise<BinnacleError | undefined> {
  const { tally, retries } = context;
  const knownBefore = async (): Promise<number> => (await countEntries(context, { scope })) - added;
  const refusal = await removeUnseen(context, { which: { scope, notSeenIn: id }, scope, knownBefore });
  if (refusal !== undefined) return refusal;
  // Those that never got as far as an entry.
  for (const documentId of tally.failedUnseen(scope, id)) {
    tally.succeed(documentId);
    retries.forget(documentId);
    context.report();
  }
  return undefined;
}

/** Finishes what an earlier run left half removed. Where a listing broke off nobody knows whether the document is there
 * again, and one of no known scope may be there again in any of them. */
export async function finishRemovals(context: RunContext, listings: ScopeListings): Promise<void> {
  const half = [];
  for await (const entry of context.entries.list({ ...context.call, state: "removing" })) {
    const state = listings.state(entry.scope);
    const isOpen =
      entry.scope === unknownScope ? !listings.areComplete : state === "started" || state === "aborted";
    if (!isOpen) half.push(entry);
  }
  await removeDocuments(context, half);
}

/** Removes documents whose entries were rebuilt and that no listing claimed, or refuses to. They belong to no scope: it
 * takes that everything was listed. */
export async function removeUnclaimed(context: RunContext): Promise<BinnacleError | undefined> {
  const which = { scope: unknownScope };
  const knownBefore = async (): Promise<number> =>
    (await countEntries(context, which)) + context.tally.adopted;
  return removeUnseen(context, { which, scope: context.sourceId, knownBefore });
}
