import { lstat } from "node:fs/promises";
import { resolve } from "node:path";
import { createIndexer, SyncError, type IndexReport } from "@binnacle/retriever";
import type { RecordedSource } from "../data-directory.ts";
import { documentLine } from "../document-line.ts";
import { documentSource } from "../document-source.ts";
import { exitStatus } from "../exit-status.ts";
import { fetchPage } from "../fetch-page.ts";
import { createFolderListing } from "../folder-listing.ts";
import { createIndexingProgress, type IndexingProgress } from "../indexing-progress.ts";
import { withRagSystem, type RagSystem } from "../rag-system.ts";
import { isAddress, sourcePlace } from "../source-place.ts";
import type { Terminal } from "../terminal.ts";
import { explainMismatch } from "../vector-space.ts";
import { checkIngest } from "./check-ingest.ts";
import type { CommonOptions } from "./common-options.ts";
import { folderError, folderReport, readsNothing, type FolderReport } from "./folder-report.ts";
import { nestedFolderNotes } from "./nested-folders.ts";
import { watchSource } from "./watch-source.ts";

/** Options of `ingest`. */
export interface IngestOptions extends CommonOptions {
  /** A folder, a file or an address. */
  readonly place: string;
  readonly include?: readonly string[] | undefined;
  readonly exclude?: readonly string[] | undefined;
  readonly plan: boolean;
  readonly watch: boolean;
  readonly allowMassDelete: boolean;
}

/** Updates the index from a folder, a file or a page. With `--plan` it only reports what would change. */
export async function ingest(options: IngestOptions, terminal: Terminal): Promise<number> {
  checkIngest(options);
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
    (await nestedFolderNotes(system, report.path)).forEach(terminal.note);
    const removed = options.plan ? "would be removed" : "was removed";
    for (const { code, message } of report.incomplete)
      terminal.note(`  ${message}${code === "mass_delete_refused" ? "" : `; nothing ${removed}`}`);
    terminal.result(report);
    if (options.watch) await watchSource(system, report.path, options, terminal);
    // A file that failed before in the same way was told then, and must not fail every later run.
    const isNew = report.failures.some(({ known }) => known !== true);
    const whole = !isNew && report.incomplete.length === 0 && !readsNothing(report);
    return whole ? exitStatus.ok : exitStatus.someDocumentsFailed;
  });
}

function printReport({ summary, failures }: IndexReport, terminal: Terminal): void {
  terminal.print(summary);
  for (const { documentId, message, known } of failures)
    terminal.note(`${documentLine(documentId, message)}${known === true ? " (as before)" : ""}`);
}

/** Options of {@link ingestFolder}. */
export interface IngestFolderOptions extends Pick<IngestOptions, "place" | "include" | "exclude" | "signal"> {
  readonly plan?: boolean | undefined;
  readonly allowMassDelete?: boolean | undefined;
  /** Called with remarks on skipped files. */
  readonly onNote?: ((line: string) => void) | undefined;
}

/** Indexes a folder, file or page and records it, so that the other commands find it. */
export async function ingestFolder(system: RagSystem, options: IngestFolderOptions): Promise<FolderReport> {
  const { include, exclude, signal, onNote } = options;
  const place = { ...(await sourcePlace(options.place)), include, exclude };
  if (place.kind === "page") await fetchPage(place.path, system.data.pagePath(place.path), { signal });
  const recorded = { ...place, collection: system.collection, indexedAt: new Date().toISOString() };
  if (onNote) (await earlierIngest(system, options.place, recorded)).forEach(onNote);
  const { onEvent, notes, ignored, skipped } = createFolderListing();
  const folder = { path: place.path, isPlan: options.plan === true, ignored, skipped };
  const progress = createIndexingProgress();
  const source = documentSource(system, place, { onEvent, onLoad: progress.reading });
  const indexer = createIndexer({
    store: system.store,
    manifest: system.manifest,
    index: system.index,
    allowMassDelete: options.allowMassDelete ?? false,
    onProgress: progress.update,
  });
  const counting = new AbortController();
  if (process.stderr.isTTY) void countDocuments(system, recorded, counting.signal, progress);
  try {
    if (folder.isPlan) return folderReport(await indexer.plan(source, { signal }), folder);
    const recheck = await lacksFields(system);
    const report = await indexer.sync(source, { signal, recheck });
    await system.data.record(recorded);
    return folderReport(report, folder);
  } catch (error) {
    // The first failure is the one to report.
    if (!folder.isPlan) await recordPart(system, recorded).catch(() => undefined);
    throw folderError(await explainMismatch(system, error), folder);
  } finally {
    counting.abort();
    progress.stop();
    if (onNote) notes(place.path).forEach(onNote);
  }
}

/** Returns remarks if the last ingest of the folder selected other files, or if `given` is a link to it. */
async function earlierIngest(
  { data, collection }: RagSystem,
  given: string,
  recorded: RecordedSource,
): Promise<readonly string[]> {
  const { id, path } = recorded;
  const before = (await data.sources(collection)).find((source) => source.id === id);
  if (before === undefined) return [];
  const notes: string[] = [];
  if (!isAddress(given) && (await lstat(resolve(given))).isSymbolicLink())
    notes.push(`${resolve(given)} is a link to ${path}, which is indexed already`);
  if (globsOf(before) !== globsOf(recorded))
    notes.push(`the last ingest of ${path} had ${globsOf(before)}; this one has ${globsOf(recorded)}`);
  return notes;
}

function globsOf({ include = [], exclude = [] }: Pick<RecordedSource, "include" | "exclude">): string {
  const flags = [
    ...include.map((glob) => `--include ${glob}`),
    ...exclude.map((glob) => `--exclude ${glob}`),
  ];
  return flags.length === 0 ? "no --include and no --exclude" : flags.join(" ");
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
 * Counts the documents for the progress, beside the run. Errors are ignored here, because the run meets them
 * too.
 */
async function countDocuments(
  system: RagSystem,
  recorded: RecordedSource,
  signal: AbortSignal,
  progress: IndexingProgress,
): Promise<void> {
  let documents = 0;
  try {
    const source = documentSource(system, recorded);
    for await (const change of source.changes({ follow: false, signal })) {
      if ("documentId" in change) documents += 1;
    }
    progress.expect(documents);
  } catch {
    // Without a count the progress has no total.
  }
}

/** Records a run that broke off if it has indexed anything. A run that never began leaves nothing to find. */
async function recordPart({ store, collection, data }: RagSystem, recorded: RecordedSource): Promise<void> {
  if ((await store.describeCollection(collection)) === undefined) return;
  const points = await store.collection(collection).count({ sourceId: recorded.id });
  if (points > 0) await data.record(recorded);
}
