import type { FollowHandle, FollowStatus } from "./report/follow-status.ts";
import type { IndexReport } from "./report/index-report.ts";

/** The parts of a handle. */
export interface FollowParts {
  readonly status: () => FollowStatus;
  /** Follows until the signal fires. */
  readonly run: (signal: AbortSignal) => Promise<IndexReport>;
  /** The report up to now. */
  readonly report: () => IndexReport;
}

/** Begins to follow. */
export function followHandle(
  signal: AbortSignal | undefined,
  { status, run, report }: FollowParts,
): FollowHandle {
  const closing = new AbortController();
  const signals = [closing.signal, ...(signal ? [signal] : [])];
  const follow = async (): Promise<IndexReport> => {
    try {
      return await run(AbortSignal.any(signals));
    } catch (error) {
      signal?.throwIfAborted();
      if (closing.signal.aborted) return report();
      throw error;
    }
  };
  const done = follow();
  return {
    status,
    done,
    close: async () => {
      closing.abort();
      // Why it failed, if it did, is for whoever waits for `done`.
      await done.catch(() => undefined);
    },
  };
}
