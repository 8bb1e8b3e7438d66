import type { ManifestEntry, ManifestListOptions } from "@binnacle/core";
import { unknownScope, type Listing } from "../run/listing.ts";
import { MassDeleteError, type MassDeletion } from "../run/mass-delete-error.ts";
import type { RunContext } from "../run/run-context.ts";
import { removeDocuments } from "./remove-documents.ts";

/** Returns true if a newer change of the document is not applied yet. */
export type IsOpen = (documentId: string) => boolean;

/**
 * Removes the documents that a complete listing did not show. Returns a refusal instead if that would be a
 * mass deletion.
 */
export async function removeUnlisted(
  context: RunContext,
  listing: Listing,
  isOpen: IsOpen,
): Promise<MassDeleteError | undefined> {
  const { scope, id } = listing;
  const knownBefore = async (): Promise<number> =>
    (await context.entries.count({ ...context.call, scope })) - listing.added;
  const which = { scope, notSeenIn: id };
  const refusal = await removeUnseen(context, { which, scope, knownBefore, isOpen });
  if (refusal !== undefined) return refusal;
  // Failed documents that never had an entry.
  for (const documentId of context.tally.failedUnseen(scope, id)) {
    if (isOpen(documentId)) continue;
    context.tally.succeed(documentId);
    context.retries.forget(documentId);
    context.report();
  }
  return undefined;
}

/**
 * Removes documents whose entries were rebuilt and that no listing claimed, or returns a refusal. They have
 * no scope, so call it only after everything was listed.
 */
export async function removeUnclaimed(
  context: RunContext,
  isOpen: IsOpen,
): Promise<MassDeleteError | undefined> {
  const which = { scope: unknownScope };
  const knownBefore = async (): Promise<number> =>
    (await context.entries.count({ ...context.call, ...which })) + context.tally.adopted;
  return removeUnseen(context, { which, scope: "", knownBefore, isOpen });
}

/** Removes the documents of a scope that the source no longer names, or returns a refusal. */
export async function removeVanished(
  context: RunContext,
  scope: string,
  isOpen: IsOpen,
): Promise<MassDeleteError | undefined> {
  const knownBefore = (): Promise<number> => context.entries.count({ ...context.call, scope });
  return removeUnseen(context, { which: { scope }, scope, knownBefore, isOpen });
}

/** Removes the documents of a scope that is gone, whatever their number. */
export async function removeScope(context: RunContext, scope: string, isOpen: IsOpen): Promise<void> {
  await removeAll(context, { scope }, isOpen);
}

/** The documents to remove. */
interface Unseen {
  readonly which: Pick<ManifestListOptions, "scope" | "notSeenIn">;
  /** The scope as a refusal names it. */
  readonly scope: string;
  /** Returns the number of documents before the removal. Called only if it matters, with the run's lock. */
  readonly knownBefore: () => Promise<number>;
  readonly isOpen: IsOpen;
}

// The guard stops "more than half, and more than ten", so a small scope may lose all its documents.
const alwaysAllowed = 10;

async function removeUnseen(
  context: RunContext,
  { which, scope, knownBefore, isOpen }: Unseen,
): Promise<MassDeleteError | undefined> {
  let documents = 0;
  // A removal that an earlier run began was judged by that run.
  for await (const { state, documentId } of context.entries.list({ ...context.call, ...which }))
    if (state !== "removing" && !isOpen(documentId)) documents += 1;
  if (documents > alwaysAllowed) {
    // Documents that are written meanwhile would otherwise count on one side only.
    const known = await context.lock.run(knownBefore);
    const deletion: MassDeletion = { scope, documents, known };
    if (documents > known / 2 && !(await isAllowed(context, deletion))) return new MassDeleteError(deletion);
  }
  await removeAll(context, which, isOpen);
  return undefined;
}

async function isAllowed({ allowMassDelete }: RunContext, deletion: MassDeletion): Promise<boolean> {
  if (typeof allowMassDelete === "boolean") return allowMassDelete;
  // An answer of another type, such as "no", is no permission.
  return (await allowMassDelete(deletion)) === true;
}

async function removeAll(
  context: RunContext,
  which: Pick<ManifestListOptions, "scope" | "notSeenIn">,
  isOpen: IsOpen,
): Promise<void> {
  const remove = async (batch: readonly ManifestEntry[]): Promise<void> => {
    if (batch.length > 0) await context.lock.run(() => removeDocuments(context, batch));
  };
  let batch: ManifestEntry[] = [];
  for await (const entry of context.entries.list({ ...context.call, ...which })) {
    if (!isOpen(entry.documentId)) batch.push(entry);
    if (batch.length < 256) continue;
    await remove(batch);
    batch = [];
  }
  await remove(batch);
}
