import type { FollowHandle, FollowStatus } from "./report/follow-status.ts";
import type { IndexReport } from "./report/index-report.ts";
import { reason } from "./run/tally.ts";

/** The parts of a follow handle. */
export interface FollowParts {
  readonly status: () => FollowStatus;
  /** Follows until the signal fires. */
  readonly run: (signal: AbortSignal) => Promise<IndexReport>;
  /** Returns the report up to now. */
  readonly report: () => IndexReport;
}

/** Starts to follow a source. */
export function followHandle(
  signal: AbortSignal | undefined,
  { status, run, report }: FollowParts,
): FollowHandle {
  const closing = new AbortController();
  const signals = [closing.signal, ...(signal ? [signal] : [])];
  let end: Pick<FollowStatus, "phase" | "error"> | undefined;
  const follow = async (): Promise<IndexReport> => {
    try {
      const done = await run(AbortSignal.any(signals));
      end = { phase: "ended", error: undefined };
      return done;
    } catch (error) {
      end = { phase: "ended", error: undefined };
      signal?.throwIfAborted();
      if (closing.signal.aborted) return report();
      end = { phase: "ended", error: reason(error) };
      throw error;
    }
  };
  const done = follow();
  return {
    status: () => ({ ...status(), ...end }),
    done,
    close: async () => {
      closing.abort();
      // A failure is for the caller that awaits `done`.
      await done.catch(() => undefined);
    },
  };
}
