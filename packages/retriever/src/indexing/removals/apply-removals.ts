import { stashVectors } from "../documents/find-vectors.ts";
import { entryPointIds } from "../documents/plan-document.ts";
import type { Removal } from "../run/index-request.ts";
import type { RunContext } from "../run/run-context.ts";
import { concerns } from "./removal.ts";
import { removeDocuments } from "./remove-documents.ts";

/**
 * Removes the documents that the source took away, if they belong to the scope that it named. It keeps their
 * vectors for a while, because a renamed document is often shown under its new name next. Call it with the
 * run's lock.
 */
export async function applyRemovals(context: RunContext, removals: readonly Removal[]): Promise<void> {
  const { entries, call, tally, retries } = context;
  if (removals.length === 0) return;
  const ids = removals.map(({ documentId }) => documentId);
  const known = await entries.get(ids, call);
  const concerned = removals
    .map((removal, position) => ({ removal, entry: known[position] }))
    .filter(({ removal, entry }) => {
      const scope = entry?.scope ?? retries.scopeOf(removal.documentId);
      return scope === undefined || concerns(removal, scope);
    });
  const found = concerned.flatMap(({ entry }) => entry ?? []);
  await stashVectors(
    context,
    found.flatMap((entry) => entryPointIds(context, entry)),
  );
  const refused = await removeDocuments(context, found);
  tally.documentsDone += removals.length;
  for (const { removal } of concerned) {
    if (refused.has(removal.documentId)) continue;
    tally.succeed(removal.documentId);
    retries.forget(removal.documentId);
  }
  context.report();
}
