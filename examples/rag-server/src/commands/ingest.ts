import { resolve } from "node:path";
import { BinnacleError } from "@binnacle/core";
import { createIndexer, type IndexReport } from "@binnacle/retriever";
import { exitStatus } from "../exit-status.ts";
import { folderSource } from "../folder-source.ts";
import { withRagSystem, type RagSystem } from "../rag-system.ts";
import { createIndexingBar, type Terminal } from "../terminal.ts";
import type { CommonOptions } from "./common-options.ts";

/** Options of `ingest`. */
export interface IngestOptions extends CommonOptions {
  readonly directory: string;
  readonly plan: boolean;
  readonly allowMassDelete: boolean;
}

/** Brings the index in line with a folder, or with `--plan` says what that would take. */
export async function ingest(options: IngestOptions, terminal: Terminal): Promise<number> {
  return await withRagSystem({ ...options, onWarning: terminal.note }, async (system) => {
    const report = await ingestFolder(system, options);
    terminal.print(report.summary);
    for (const failure of report.failures) terminal.note(`  ${failure.documentId}: ${failure.message}`);
    for (const listing of report.incomplete)
      terminal.note(`  ${listing.scope}: ${listing.message}; nothing of it was removed`);
    terminal.result(report);
    const whole = report.failures.length === 0 && report.incomplete.length === 0;
    return whole ? exitStatus.ok : exitStatus.someDocumentsFailed;
  });
}

/** What {@link ingestFolder} needs to know. */
export interface IngestFolderOptions {
  readonly directory: string;
  readonly include?: readonly string[] | undefined;
  readonly plan?: boolean | undefined;
  readonly allowMassDelete?: boolean | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** Indexes a folder and records it, so that `verify` and `export` find it again. */
export async function ingestFolder(system: RagSystem, options: IngestFolderOptions): Promise<IndexReport> {
  const path = resolve(options.directory);
  const recorded = { collection: system.collection, id: path, path, include: options.include };
  const source = folderSource(recorded);
  const bar = createIndexingBar();
  const indexer = createIndexer({
    store: system.store,
    index: system.index,
    allowMassDelete: options.allowMassDelete ?? false,
    onProgress: (progress) => bar.update(progress),
  });
  try {
    if (options.plan === true) return await indexer.plan(source, { signal: options.signal });
    await system.data.record(recorded);
    return await indexer.sync(source, { signal: options.signal });
  } catch (error) {
    if (!BinnacleError.isInstance(error) || error.code !== "mass_delete_refused") throw error;
    throw new BinnacleError(error.code, `${error.message} (here: --allow-mass-delete)`, { cause: error });
  } finally {
    bar.stop();
  }
}
