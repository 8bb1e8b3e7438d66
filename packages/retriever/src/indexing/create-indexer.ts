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
  type PushOptions,
  type SyncOptions,
} from "./options/indexer-options.ts";
import type { FollowHandle } from "./report/follow-status.ts";
import type { IndexReport } from "./report/index-report.ts";
import { runReported, type ReportedRun, type RunBody } from "./run-reported.ts";
import { reason, Tally } from "./run/tally.ts";

/**
 * Keeps one index in line with its sources. Every call takes the source's lease, so two indexers on one source never both
 * write. A document that fails is reported and stops nothing; what stops a run is thrown as {@link SyncError} with the
 * report so far, an abort as the signal's reason. Whatever happened, the next run carries on.
 */
export interface Indexer<W extends Metadata = Metadata> {
  /** Brings the index in line with everything the source lists. Rejects with code `mass_delete_refused` after all else is
   * done, where a listing asked for too much. */
  sync<S extends Metadata>(source: FittingSource<S, W>, options?: SyncOptions): Promise<IndexReport>;
  /** What `sync` would do: embeds, writes and records nothing, but reads and chunks what changed. A mass deletion that
   * would be refused stands in `incomplete`. */
  plan<S extends Metadata>(source: FittingSource<S, W>, options?: SyncOptions): Promise<IndexReport>;
  /** Syncs and then follows the source live, until it ends, the handle is closed or the signal fires. What may pass, such as
   * a model server that is down, is waited for and reported as degraded; what needs no vector does not wait for it. */
  follow<S extends Metadata>(source: FittingSource<S, W>, options?: FollowOptions): FollowHandle;
  /** Adds documents, or replaces those with the same id. Unchanged ones cost nothing. */
  upsert(documents: readonly Document<W>[], options?: PushOptions): Promise<IndexReport>;
  /** Removes documents of the same source; those that are not there do not matter. */
  remove(documentIds: readonly string[], options?: PushOptions): Promise<IndexReport>;
  /** Removes every document of a source, pushed or listed: for one that is gone for good and cannot list itself any more. */
  removeSource(sourceId: string, options?: CallOptions): Promise<IndexReport>;
}

/** Makes an indexer; no I/O. Throws a `ConfigurationError` where neither the options nor the store bring a manifest. */
export function createIndexer<M extends Metadata, F extends Metadata, W>(
  options: IndexerOptions<M, F, W>,
): Indexer<W extends Metadata ? W : Metadata>;
export function createIndexer(options: IndexerOptions): Indexer {
  const parts = { options: parseIndexerOptions(options), queue: new RunQueue() };
  const run: Runner = (mode, body, live = { tally: new Tally() }) =>
    runReported({ ...parts, ...live, mode }, body);
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
      // The caller may go on with its array while the run waits for its turn.
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
    // The plan says so in its report; everything else is as bad as in a real run.
    if (reason(error).code !== "mass_delete_refused") throw error;
  }
}
