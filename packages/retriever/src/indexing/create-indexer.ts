import type { CallOptions, Document, DocumentSource, Metadata } from "@binnacle/core";
import { createDeadline } from "@binnacle/core/kit";
import { checkDocuments, checkIds, checkSource, checkSourceId } from "./check-arguments.ts";
import type { FittingSource } from "./index-types.ts";
import type { IndexReport } from "./index-report.ts";
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
} from "./indexer-options.ts";
import { SyncError } from "./sync-error.ts";
import { followSource, syncSource } from "./sync/drive-source.ts";
import { withRun, type OpenRun, type RunSetup } from "./sync/open-run.ts";
import { RunQueue } from "./sync/run-queue.ts";
import { pushedUpserts } from "./sync/pushed-documents.ts";
import { recordedIds, removeById } from "./sync/remove-by-id.ts";
import { reason, Tally } from "./sync/tally.ts";

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
  /** Syncs and then follows the source live. Resolves if the source ends; rejects with the signal's reason when it fires.
   * What may pass, such as a model server that is down, is waited for and reported as degraded. */
  follow<S extends Metadata>(
    source: FittingSource<S, W>,
    options: FollowOptions & { readonly signal: AbortSignal },
  ): Promise<IndexReport>;
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
  const parsed = parseIndexerOptions(options);
  const queue = new RunQueue();
  const run = (mode: RunMode, body: RunBody): Promise<IndexReport> =>
    runReported({ ...parsed, queue }, mode, body);
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
    follow: async (source, given) => {
      checkSource("follow", source);
      const mode = parseFollowOptions(given);
      return run({ ...mode, sourceId: source.id }, (open) => followSource(source, open, mode));
    },
    upsert: async (documents, given = {}) => {
      checkDocuments("upsert", documents);
      const mode = parsePushOptions("upsert", given);
      return run(mode, (open) => syncSource(pushedUpserts(mode.sourceId, documents), open));
    },
    remove: async (documentIds, given = {}) => {
      checkIds("remove", documentIds);
      const mode = parsePushOptions("remove", given);
      return run(mode, (open) => removeById(documentIds, open));
    },
    removeSource: async (sourceId, given = {}) => {
      checkSourceId("removeSource", sourceId);
      const mode = parsePushOptions("removeSource", { ...given, sourceId });
      return run(mode, (open) => removeById(recordedIds(open), open));
    },
  };
}

interface RunMode extends SyncOptions {
  readonly sourceId: string;
  readonly isDry?: boolean | undefined;
}

type RunBody = (run: OpenRun) => Promise<void>;

async function runReported<M extends Metadata>(
  options: ParsedIndexerOptions<M> & { readonly queue: RunQueue },
  mode: RunMode,
  body: RunBody,
): Promise<IndexReport> {
  const tally = new Tally();
  const { signal, deadlineAt, traceparent, recheck = false, isDry = false, sourceId } = mode;
  const { store, index, manifest, tenant, leaseWaitMs: waitMs, onProgress, queue } = options;
  const { maxBatchBytes, loadConcurrency } = options;
  signal?.throwIfAborted();
  const report: RunSetup["report"] = (degraded) =>
    onProgress?.(tally.progress(degraded && { scope: degraded.scope, ...reason(degraded.error) }));
  if (queue.isBusy(sourceId)) {
    tally.phase = "waiting";
    report();
  }
  const turn = await queue.take(sourceId, { signal, deadlineAt, waitMs });
  tally.phase = "indexing";
  const deadline = createDeadline({ label: `Indexer: source "${sourceId}"`, signal, deadlineAt });
  const call: CallOptions = { signal: deadline.signal, deadlineAt, traceparent };
  const setup: RunSetup<M> = {
    store,
    index,
    manifest,
    tenant,
    sourceId,
    isDry,
    recheck,
    tally,
    report,
    call,
    allowMassDelete: mode.allowMassDelete ?? options.allowMassDelete,
    limits: { maxBatchBytes, loadConcurrency },
    givesUpAt: turn.givesUpAt,
  };
  let isOpen = false;
  try {
    await withRun(setup, (run) => {
      isOpen = true;
      turn.begin();
      deadline.enter(tally.phase);
      return body(run);
    });
    report();
    return tally.report();
  } catch (error) {
    signal?.throwIfAborted();
    // Before it began there is nothing to report.
    throw isOpen ? new SyncError(error, tally.report()) : error;
  } finally {
    turn.end();
    deadline[Symbol.dispose]();
  }
}

async function planSource(source: DocumentSource, run: OpenRun): Promise<void> {
  try {
    await syncSource(source, run);
  } catch (error) {
    // The plan says so in its report; everything else is as bad as in a real run.
    if (reason(error).code !== "mass_delete_refused") throw error;
  }
}
