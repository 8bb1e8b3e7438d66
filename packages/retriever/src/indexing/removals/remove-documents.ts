import type { BinnacleError, Delete, ManifestEntry } from "@binnacle/core";
import { entryPointIds } from "../documents/plan-document.ts";
import { wasNeverIndexed } from "../documents/write-plans.ts";
import type { RunContext } from "../run/run-context.ts";

/**
 * Removes documents with all their points. It logs them first, so that the next run finishes after a crash.
 * Returns the documents that the store refused to remove. They are reported and stay logged. Call it with the
 * run's lock.
 */
export async function removeDocuments(
  context: RunContext,
  entries: readonly ManifestEntry[],
): Promise<ReadonlySet<string>> {
  const refused = new Set<string>();
  if (entries.length === 0) return refused;
  const logged = entries.filter(({ state }) => state !== "removing");
  if (logged.length > 0) {
    const removing = logged.map((entry) => ({ ...entry, state: "removing" as const, failure: undefined }));
    await context.entries.put(removing, context.call);
  }
  const present = await presentPoints(context, entries);
  const failures = await context.points.write([...present].map((id): Delete => ({ type: "delete", id })));
  const gone: string[] = [];
  for (const entry of entries) {
    const ids = entryPointIds(context, entry);
    const error = ids.map((id) => failures.get(id)).find((found) => found);
    if (error === undefined) {
      gone.push(entry.documentId);
      count(context, entry, ids.filter((id) => present.has(id)).length);
      continue;
    }
    refused.add(entry.documentId);
    failRemoval(context, entry, error);
  }
  await context.entries.forget(gone, context.call);
  context.report();
  return refused;
}

function count({ tally, retries }: RunContext, entry: ManifestEntry, deleted: number): void {
  if (!wasNeverIndexed(entry)) tally.documents.removed += 1;
  tally.chunks.removed += deleted;
  tally.pointsDeleted += deleted;
  tally.succeed(entry.documentId);
  retries.forget(entry.documentId);
}

function failRemoval(
  { tally, retries }: RunContext,
  { documentId, scope }: ManifestEntry,
  error: BinnacleError,
): void {
  tally.fail(documentId, error);
  // Order 0 holds back every checkpoint of the scope.
  if (error.retryable) retries.add({ documentId, scopes: [scope], order: 0, saidAt: Date.now() });
  else retries.forget(documentId);
}

/**
 * Returns the ids of the points that exist. A half-written document may have fewer points than its entry
 * names. A stored or failed document has all of them.
 */
async function presentPoints(
  context: RunContext,
  entries: readonly ManifestEntry[],
): Promise<ReadonlySet<string>> {
  const byCertainty = Map.groupBy(entries, ({ state }) => state === "stored" || state === "failed");
  const idsOf = (ones: readonly ManifestEntry[] = []): readonly string[] =>
    ones.flatMap((entry) => entryPointIds(context, entry));
  const found = await context.points.get(idsOf(byCertainty.get(false)));
  return new Set([...idsOf(byCertainty.get(true)), ...found.keys()]);
}
