import type { ManifestEntry } from "@binnacle/core";
import type { RunContext } from "../run/run-context.ts";
import { removeDocuments } from "./remove-documents.ts";

/** Finishes removals that an earlier run began, in the scopes that `isDue` accepts. */
export async function finishRemovals(context: RunContext, isDue: (scope: string) => boolean): Promise<void> {
  const half: ManifestEntry[] = [];
  for await (const entry of context.entries.list({ ...context.call, state: "removing" }))
    if (isDue(entry.scope)) half.push(entry);
  await context.lock.run(() => removeDocuments(context, half));
}
