import type { CallOptions, Document, DocumentSource, Metadata } from "@binnacle/core";
import { parseCallOptions } from "@binnacle/core/kit";
import { followSource, syncSource } from "./driving/drive-source.ts";
import { FollowMonitor } from "./driving/follow-monitor.ts";
import { pushedUpserts } from "./driving/pushed-upserts.ts";
import { recordedIds, removeById } from "./driving/remove-by-id.ts";
import { followHandle } from "./follow-handle.ts";
import type { OpenRun } from "./opening/open-run.ts";
import { RunQueue } from "./opening/run-queue.ts";
import type { RunMode } from "./opening/run-setup.ts";
import { checkDocuments, checkIds, checkSource, checkSourceId } from "./options/check-arguments.ts";
import type { FittingSource } from "./options/index-types.ts";
import {
  parseFollowOptions,
  parseIndexerOptions,
  parsePushOptions,
  parseSyncOptions,
  type FollowOptions,
  type IndexerOptions,
  type ParsedIndexerOptions,
  type PushOptions,
  type SyncOptions,
} from "./options/indexer-options.ts";
import type { FollowHandle } from "./report/follow-status.ts";
import { indexObserver } from "./report/index-observer.ts";
import type { IndexReport } from "./report/index-report.ts";
import { runReported, type ReportedRun, type RunBody } from "./run-reported.ts";
import { reason, Tally } from "./run/tally.ts";

/**
 * Keeps an index equal to its sources. Each call takes the source's lease, so that two indexers never write
 * one source at the same time. A document that fails is reported and stops nothing else. A failure that stops
 * the run is thrown as a {@link SyncError} with the report so far, and an abort as the signal's reason. In
 * every case the next run continues.
 */
export interface Indexer<W extends Metadata = Metadata> {
  /**
   * Makes the index equal to all documents that the source lists. Rejects with code `mass_delete_refused`,
   * after everything else is done, if a listing would remove too many documents.
   */
  sync<S extends Metadata>(source: FittingSource<S, W>, options?: SyncOptions): Promise<IndexReport>;
  /**
   * Reports what `sync` would do. It reads and chunks the changed documents, but embeds, writes and records
   * nothing. The report lists a mass deletion that `sync` would refuse under `incomplete`.
   */
  plan<S extends Metadata>(source: FittingSource<S, W>, options?: SyncOptions): Promise<IndexReport>;
  /**
   * Syncs the source and then applies its live changes, until the source ends, the handle is closed or the
   * signal fires. A failure that may pass, such as a model server that is down, is retried and reported as
   * degraded. Changes that need no vector do not wait for the model server.
   */
  follow<S extends Metadata>(source: FittingSource<S, W>, options?: FollowOptions): FollowHandle;
  /**
   * Adds documents, and replaces documents with the same id. Unchanged documents are neither embedded nor
   * written.
   */
  upsert(documents: readonly Document<W>[], options?: PushOptions): Promise<IndexReport>;
  /**
   * Removes documents of the source. Ids that are not indexed are ignored. Once the collection exists, the
   * model server is not needed.
   */
  remove(documentIds: readonly string[], options?: PushOptions): Promise<IndexReport>;
  /**
   * Removes all documents of a source, pushed or listed. Use it for a source that is gone and can no longer
   * be listed.
   */
  removeSource(sourceId: string, options?: CallOptions): Promise<IndexReport>;
}

/**
 * Creates an indexer, without I/O. Throws a `ConfigurationError` if an option is wrong, or if neither the
 * options nor the store have a manifest.
 */
export function createIndexer<M extends Metadata, F extends Metadata, W>(
  options: IndexerOptions<M, F, W>,
): Indexer<W extends Metadata ? W : Metadata>;
export function createIndexer(options: IndexerOptions): Indexer {
  const run = runner(parseIndexerOptions(options));
  return {
    sync: async (source, given = {}) => {
      checkSource("sync", source);
      const mode = parseSyncOptions("sync", given);
      return run({ ...mode, sourceId: source.id }, (open) => syncSource(source, open));
    },
    plan: async (source, given = {}) => {
      checkSource("plan", source);
      const mode = parseSyncOptions("plan", given);
      return run({ ...mode, sourceId: source.id, isDry: true }, (open) => planSource(source, open));
    },
    follow: (source, given = {}) => {
      checkSource("follow", source);
      return follow(run, source, parseFollowOptions(given));
    },
    upsert: async (documents, given = {}) => {
      checkDocuments("upsert", documents);
      const mode = parsePushOptions("upsert", given);
      // The caller may change its array while the run waits for its turn.
      const copy = [...documents];
      return run(mode, (open) => syncSource(pushedUpserts(mode.sourceId, copy), open));
    },
    remove: async (documentIds, given = {}) => {
      checkIds("remove", documentIds);
      const mode = parsePushOptions("remove", given);
      const copy = [...documentIds];
      return run({ ...mode, isRemoval: true }, (open) => removeById(copy, open));
    },
    removeSource: async (sourceId, given = {}) => {
      checkSourceId("removeSource", sourceId);
      const mode = { ...parseCallOptions("removeSource", given), sourceId };
      return run({ ...mode, isRemoval: true }, (open) => removeById(recordedIds(open), open));
    },
  };
}

type Runner = (
  mode: RunMode,
  body: RunBody,
  live?: Pick<ReportedRun, "tally" | "monitor">,
) => Promise<IndexReport>;

function runner(options: ParsedIndexerOptions): Runner {
  const parts = { options, queue: new RunQueue() };
  const observer = indexObserver(options.telemetry, options.index.name);
  return (mode, body, live = { tally: new Tally() }) => {
    // A plan changes nothing, so its documents do not count.
    if (observer === undefined || mode.isDry === true) return runReported({ ...parts, ...live, mode }, body);
    const operation = mode.isRemoval === true ? "remove" : live.monitor === undefined ? "sync" : "follow";
    return observer.run(operation, mode, (given, meter) =>
      runReported({ ...parts, ...live, mode: given, meter }, body),
    );
  };
}

function follow(
  run: Runner,
  source: DocumentSource,
  mode: ReturnType<typeof parseFollowOptions>,
): FollowHandle {
  const [tally, monitor] = [new Tally(), new FollowMonitor()];
  const body: RunBody = (open) => followSource(source, open, { ...mode, monitor });
  return followHandle(mode.signal, {
    status: () => monitor.status(tally),
    run: (signal) => run({ ...mode, signal, sourceId: source.id }, body, { tally, monitor }),
    report: () => tally.report(),
  });
}

async function planSource(source: DocumentSource, run: OpenRun): Promise<void> {
  try {
    await syncSource(source, run);
  } catch (error) {
    // A plan reports a refused deletion. Any other error ends it, as it ends a sync.
    if (reason(error).code !== "mass_delete_refused") throw error;
  }
}
