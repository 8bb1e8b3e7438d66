import type { CallOptions, Metadata } from "@binnacle/core";
import { createDeadline } from "@binnacle/core/kit";
import type { IndexReport } from "./report/index-report.ts";
import type { ParsedIndexerOptions, SyncOptions } from "./indexer-options.ts";
import { withRun, type OpenRun, type RunSetup } from "./opening/open-run.ts";
import type { RunQueue } from "./opening/run-queue.ts";
import { reason, type Tally } from "./run/tally.ts";
import { SyncError } from "./report/sync-error.ts";

/** What one run is to do. */
export interface RunMode extends SyncOptions {
  readonly sourceId: string;
  readonly isDry?: boolean | undefined;
}

/** What is done while the run holds the lease. */
export type RunBody = (run: OpenRun) => Promise<void>;

/** Waits for the source's turn, opens a run and reports what it did. */
export async function runReported<M extends Metadata>(
  options: ParsedIndexerOptions<M> & { readonly queue: RunQueue },
  mode: RunMode & { readonly tally: Tally },
  body: RunBody,
): Promise<IndexReport> {
  const { signal, deadlineAt, traceparent, sourceId, tally } = mode;
  const { queue, leaseWaitMs: waitMs } = options;
  signal?.throwIfAborted();
  const report = reporter(options, tally);
  if (queue.isBusy(sourceId)) {
    tally.phase = "waiting";
    report();
  }
  const turn = await queue.take(sourceId, { signal, deadlineAt, waitMs });
  tally.phase = "indexing";
  const deadline = createDeadline({ label: `Indexer: source "${sourceId}"`, signal, deadlineAt });
  const call: CallOptions = { signal: deadline.signal, deadlineAt, traceparent };
  let isOpen = false;
  try {
    await withRun({ ...setupOf(options, mode), report, call, givesUpAt: turn.givesUpAt }, (run) => {
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

function reporter<M extends Metadata>(
  { onProgress }: ParsedIndexerOptions<M>,
  tally: Tally,
): RunSetup["report"] {
  return (degraded) =>
    onProgress?.(tally.progress(degraded && { scope: degraded.scope, ...reason(degraded.error) }));
}

function setupOf<M extends Metadata>(
  options: ParsedIndexerOptions<M>,
  { sourceId, tally, isDry = false, recheck = false, allowMassDelete }: RunMode & { readonly tally: Tally },
): Omit<RunSetup<M>, "report" | "call" | "givesUpAt"> {
  const { store, index, manifest, tenant, leaseMs, maxBatchBytes, loadConcurrency } = options;
  return {
    store,
    index,
    manifest,
    tenant,
    sourceId,
    isDry,
    recheck,
    tally,
    leaseMs,
    allowMassDelete: allowMassDelete ?? options.allowMassDelete,
    limits: { maxBatchBytes, loadConcurrency },
  };
}
