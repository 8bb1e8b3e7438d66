import type { CallOptions } from "@binnacle/core";
import { createDeadline } from "@binnacle/core/kit";
import type { FollowMonitor } from "./driving/follow-monitor.ts";
import { Patience } from "./driving/patience.ts";
import { withRun, type OpenRun } from "./opening/open-run.ts";
import type { RunQueue } from "./opening/run-queue.ts";
import type { RunMode, RunSetup } from "./opening/run-setup.ts";
import type { ParsedIndexerOptions } from "./options/indexer-options.ts";
import type { ProgressMeter } from "./report/index-observer.ts";
import type { IndexReport } from "./report/index-report.ts";
import { SyncError } from "./report/sync-error.ts";
import type { RunContext } from "./run/run-context.ts";
import { reason, type Tally } from "./run/tally.ts";

/** The work of a run. It is done while the run holds the lease. */
export type RunBody = (run: OpenRun) => Promise<void>;

/** The input of {@link runReported}. */
export interface ReportedRun {
  readonly options: ParsedIndexerOptions;
  readonly queue: RunQueue;
  readonly mode: RunMode;
  readonly tally: Tally;
  /**
   * The monitor of a run that follows its source. With it, failures that may pass are retried while the run
   * is opened.
   */
  readonly monitor?: FollowMonitor | undefined;
  /** Receives the progress for the measurements. @default none */
  readonly meter?: ProgressMeter | undefined;
}

/**
 * Waits for the source's turn, opens a run and returns its report. Rejects with a {@link SyncError} if the
 * run fails after it was opened.
 */
export async function runReported(given: ReportedRun, body: RunBody): Promise<IndexReport> {
  const { options, queue, mode, tally } = given;
  const { signal, deadlineAt, traceparent, sourceId } = mode;
  signal?.throwIfAborted();
  const report = reporter(given);
  if (queue.isBusy(sourceId)) {
    tally.phase = "waiting";
    report();
  }
  const turn = await queue.take(sourceId, { signal, deadlineAt, waitMs: options.leaseWaitMs });
  tally.phase = "indexing";
  const deadline = createDeadline({ label: `Indexer: source "${sourceId}"`, signal, deadlineAt });
  const call: CallOptions = { signal: deadline.signal, deadlineAt, traceparent };
  let isOpen = false;
  try {
    await opened({ ...given, report, call, givesUpAt: turn.givesUpAt }, (run) => {
      isOpen = true;
      turn.begin();
      deadline.enter(tally.phase);
      return body(run);
    });
    report();
    return tally.report();
  } catch (error) {
    signal?.throwIfAborted();
    // A run that was never open has nothing to report.
    throw isOpen ? new SyncError(error, tally.report()) : error;
  } finally {
    given.meter?.(tally.progress());
    turn.end();
    deadline[Symbol.dispose]();
  }
}

/**
 * Runs `body` once a run is open. Only failures before that are retried, and only for a run with a monitor.
 */
async function opened(setup: RunSetup & Pick<ReportedRun, "monitor">, body: RunBody): Promise<void> {
  const patience = new Patience(setup);
  if (setup.monitor === undefined) patience.giveUp();
  setup.monitor?.opening(patience);
  let { givesUpAt } = setup;
  const result = await patience.attempt(async () => {
    let work: Promise<void> | undefined;
    try {
      await withRun({ ...setup, givesUpAt }, (run) => (work = body(run)));
    } catch (error) {
      if (work === undefined) {
        givesUpAt = Date.now() + setup.options.leaseWaitMs;
        throw error;
      }
      return { error };
    }
    return undefined;
  });
  if (result !== undefined) throw result.error;
}

function reporter({ options: { onProgress }, tally, meter }: ReportedRun): RunContext["report"] {
  return (degraded) => {
    meter?.(tally.progress());
    onProgress?.(tally.progress(degraded && { scope: degraded.scope, ...reason(degraded.error) }));
  };
}
