import type { FollowStatus } from "../report/follow-status.ts";
import type { Tally } from "../run/tally.ts";
import type { Patience } from "./patience.ts";
import type { SyncRun } from "../changes/sync-run.ts";

/** Watches a followed source, also while its run is being opened. */
export class FollowMonitor {
  #run: SyncRun | undefined;
  #patience: Patience | undefined;
  #lastPullAt: number | undefined;

  /** Notes that the run is being opened. */
  opening(patience: Patience): void {
    this.#patience = patience;
  }

  /** Notes that the run has begun. */
  watch(run: SyncRun, patience: Patience): void {
    this.#run = run;
    this.#patience = patience;
  }

  /** Notes that the source sent a change. */
  pulled(): void {
    this.#lastPullAt = Date.now();
  }

  status({ phase }: Pick<Tally, "phase">): FollowStatus {
    const { lagMs, waiting, scopes } = this.#run?.status ?? { lagMs: 0, waiting: 0, scopes: [] };
    return { phase, lagMs, waiting, lastPullAt: this.#lastPullAt, error: this.#patience?.failing, scopes };
  }
}
