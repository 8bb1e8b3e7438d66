import { resolve } from "node:path";
import type { DocumentSource } from "@binnacle/core";
import { createIndexer, SyncError, type IndexReport } from "@binnacle/retriever";
import type { RecordedSource } from "../data-directory.ts";
import { documentLine } from "../document-line.ts";
import { exitStatus } from "../exit-status.ts";
import { createFolderListing } from "../folder-listing.ts";
import { folderSource } from "../folder-source.ts";
import { withRagSystem, type RagSystem } from "../rag-system.ts";
import { createIndexingBar, type IndexingBar, type Terminal } from "../terminal.ts";
import { explainMismatch } from "../vector-space.ts";
import type { CommonOptions } from "./common-options.ts";
import { folderError, folderReport, type FolderReport } from "./folder-report.ts";
import { nestedFolderNotes } from "./nested-folders.ts";

/** Options of `ingest`. */
export interface IngestOptions extends CommonOptions {
  readonly directory: string;
  readonly plan: boolean;
  readonly allowMassDelete: boolean;
}

/** Updates the index from a folder. With `--plan` it only reports what would change. */
export async function ingest(options: IngestOptions, terminal: Terminal): Promise<number> {
  const opened = { ...options, readOnly: options.plan, onWarning: terminal.note };
  return await withRagSystem(opened, async (system) => {
    const report = await ingestFolder(system, { ...options, onNote: terminal.note }).catch(
      (error: unknown) => {
        // Changes before the failure stay. There is nothing to report if no document was seen.
        if (SyncError.isInstance(error) && Object.values(error.report.documents).some((count) => count > 0))
          printReport(error.report, terminal);
        throw error;
      },
    );
    printReport(report, terminal);
    (await nestedFolderNotes(system, resolve(options.directory))).forEach(terminal.note);
    const removed = options.plan ? "would be removed" : "was removed";
    for (const { code, message } of report.incomplete)
      terminal.note(`  ${message}${code === "mass_delete_refused" ? "" : `; nothing ${removed}`}`);
    terminal.result(report);
    const whole = report.failures.length === 0 && report.incomplete.length === 0;
    return whole ? exitStatus.ok : exitStatus.someDocumentsFailed;
  });
}

function printReport({ summary, failures }: IndexReport, terminal: Terminal): void {
  terminal.print(summary);
  for (const { documentId, message } of failures) terminal.note(documentLine(documentId, message));
}

/** Options of {@link ingestFolder}. */
export interface IngestFolderOptions {
  readonly directory: string;
  readonly plan?: boolean | undefined;
  readonly allowMassDelete?: boolean | undefined;
  readonly signal?: AbortSignal | undefined;
  /** Called with remarks on skipped files. */
  readonly onNote?: ((line: string) => void) | undefined;
}

/** Indexes a folder and records it, so that `verify` and `export` find it. */
export async function ingestFolder(system: RagSystem, options: IngestFolderOptions): Promise<FolderReport> {
  const path = resolve(options.directory);
  const recorded = { collection: system.collection, id: path, path };
  const { onEvent, notes, ignored } = createFolderListing();
  const folder = { path, isPlan: options.plan === true, ignored };
  const source = folderSource(system.data, recorded, onEvent);
  const bar = createIndexingBar();
  const indexer = createIndexer({
    store: system.store,
    manifest: system.manifest,
    index: system.index,
    allowMassDelete: options.allowMassDelete ?? false,
    onProgress: (progress) => bar.update(progress),
  });
  const counting = new AbortController();
  if (process.stderr.isTTY) void countDocuments(folderSource(system.data, recorded), counting.signal, bar);
  try {
    if (folder.isPlan) return folderReport(await indexer.plan(source, { signal: options.signal }), folder);
    const recheck = await lacksFields(system);
    const report = await indexer.sync(source, { signal: options.signal, recheck });
    await system.data.record(recorded);
    return folderReport(report, folder);
  } catch (error) {
    // The first failure is the one to report.
    if (!folder.isPlan) await recordPart(system, recorded).catch(() => undefined);
    throw folderError(await explainMismatch(system, error), folder);
  } finally {
    counting.abort();
    bar.stop();
    if (options.onNote) notes(path).forEach(options.onNote);
  }
}

/**
 * Returns true for an index from before fields existed. Its documents are read once more, which embeds
 * nothing.
 */
async function lacksFields({ store, collection, index }: RagSystem): Promise<boolean> {
  const info = await store.describeCollection(collection);
  if (info === undefined) return false;
  return Object.keys(index.fields ?? {}).some((name) => !Object.hasOwn(info.fields ?? {}, name));
}

/**
 * Counts the documents for the progress bar, beside the run. Errors are ignored here, because the run meets
 * them too.
 */
async function countDocuments(source: DocumentSource, signal: AbortSignal, bar: IndexingBar): Promise<void> {
  let documents = 0;
  try {
    for await (const change of source.changes({ follow: false, signal })) {
      if ("documentId" in change) documents += 1;
    }
    bar.expect(documents);
  } catch {
    // Without a count the bar grows with the documents seen.
  }
}

/** Records a run that broke off if it has indexed anything. A run that never began leaves nothing to find. */
async function recordPart({ store, collection, data }: RagSystem, recorded: RecordedSource): Promise<void> {
  if ((await store.describeCollection(collection)) === undefined) return;
  const points = await store.collection(collection).count({ sourceId: recorded.id });
  if (points > 0) await data.record(recorded);
}
