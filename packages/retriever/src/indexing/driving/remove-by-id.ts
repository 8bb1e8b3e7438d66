import type { OpenRun } from "../opening/open-run.ts";
import { SyncRun } from "../changes/sync-run.ts";

/** Removes documents, whatever their scope. */
export async function removeById(
  documentIds: Iterable<string> | AsyncIterable<string>,
  { context }: OpenRun,
): Promise<void> {
  const run = new SyncRun(context, {
    resumed: [],
    isLive: false,
    isStalled: () => false,
    attempt: (call) => call(),
    takeBack: () => false,
    onProgress: () => undefined,
  });
  for await (const documentId of documentIds) {
    run.remove(documentId);
    if (run.isDue) await run.flush();
  }
  await run.finish();
}

/** Yields the ids of all recorded documents of the run's source. */
export async function* recordedIds({ context }: OpenRun): AsyncGenerator<string, void> {
  for await (const { documentId } of context.entries.list(context.call)) yield documentId;
}
