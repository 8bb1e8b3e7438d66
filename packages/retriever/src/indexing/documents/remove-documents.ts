import type { BinnacleError, Delete, ManifestEntry, ManifestListOptions } from "@binnacle/core";
import { MassDeleteError } from "./mass-delete-error.ts";
import { entryPointIds } from "./plan-document.ts";
import type { RunContext } from "../sync/run-context.ts";

/** Removes documents whole: logged first, so that a crash in between is finished by the next run. Returns those that the
 * store refused to remove; they are reported and stay logged. */
export async function removeDocuments(
  context: RunContext,
  entries: readonly ManifestEntry[],
): Promise<ReadonlySet<string>> {
  const refused = new Set<string>();
  if (entries.length === 0) return refused;
  const logged = entries.filter(({ state }) => state !== "removing");
  if (logged.length > 0) {
    await context.entries.put(
      logged.map((entry) => ({ ...entry, state: "removing" as const })),
      context.call,
    );
  }
  const present = await presentPoints(context, entries);
  const failures = await context.points.write([...present].map((id): Delete => ({ type: "delete", id })));
  const gone: string[] = [];
  for (const entry of entries) {
    const ids = entryPointIds(context, entry);
    const error = ids.map((id) => failures.get(id)).find((found) => found);
    if (error !== undefined) {
      refused.add(entry.documentId);
      failRemoval(context, entry.documentId, error);
      continue;
    }
    gone.push(entry.documentId);
    const deleted = ids.filter((id) => present.has(id)).length;
    context.tally.documents.removed += 1;
    context.tally.chunks.removed += deleted;
    context.tally.pointsDeleted += deleted;
    context.tally.succeed(entry.documentId);
    context.retries.forget(entry.documentId);
  }
  await context.entries.forget(gone, context.call);
  context.report();
  return refused;
}

function failRemoval({ tally, retries }: RunContext, documentId: string, error: BinnacleError): void {
  tally.fail(documentId, error);
  if (error.retryable) retries.add({ documentId, scopes: undefined });
  else retries.forget(documentId);
}

/** An interrupted document may hold fewer points than its entry names; a stored one holds them all. */
async function presentPoints(
  context: RunContext,
  entries: readonly ManifestEntry[],
): Promise<ReadonlySet<string>> {
  const certain = entries.filter(({ state }) => state === "stored");
  const doubtful = entries.filter(({ state }) => state !== "stored");
  const found = await context.points.get(doubtful.flatMap((entry) => entryPointIds(context, entry)));
  return new Set([...certain.flatMap((entry) => entryPointIds(context, entry)), ...found.keys()]);
}

/** Which documents are to go because a complete listing did not show them. */
export interface UnseenDocuments {
  readonly which: Pick<ManifestListOptions, "scope" | "notSeenIn" | "state">;
  /** For the message of a refusal. */
  readonly scope: string;
  /** Documents the scope had before this run. Asked only where it matters. */
  readonly knownBefore: () => Promise<number>;
}

// "More than half, and more than ten": a small scope may lose everything without being asked about.
const alwaysAllowed = 10;

/** Removes what a listing did not show; returns a refusal instead where that would be a mass deletion. */
export async function removeUnseen(
  context: RunContext,
  unseen: UnseenDocuments,
): Promise<MassDeleteError | undefined> {
  const list = (): AsyncIterable<ManifestEntry> => context.entries.list({ ...context.call, ...unseen.which });
  let missing = 0;
  // What was being removed when a run broke off was judged then.
  for await (const { state } of list()) if (state !== "removing") missing += 1;
  if (missing > alwaysAllowed && !context.allowMassDelete) {
    const known = await unseen.knownBefore();
    if (missing > known / 2) return new MassDeleteError(unseen.scope, missing, known);
  }
  let batch: ManifestEntry[] = [];
  for await (const entry of list()) {
    batch.push(entry);
    if (batch.length < 256) continue;
    await removeDocuments(context, batch);
    batch = [];
  }
  await removeDocuments(context, batch);
  return undefined;
}

/** How many entries there are. */
export async function countEntries(context: RunContext, which: ManifestListOptions): Promise<number> {
  let total = 0;
  for await (const _ of context.entries.list({ ...context.call, ...which })) total += 1;
  return total;
}
