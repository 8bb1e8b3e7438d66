import type { IndexProgress, IndexReport } from "./index-report.ts";

/** The reason for a problem. */
export interface FollowError {
  readonly code: string;
  readonly message: string;
}

/** The status of one scope of a followed source. */
export interface ScopeStatus {
  readonly scope: string;
  /**
   * `pending`: the source named the scope and sent nothing else yet. `listing`: it is being listed.
   * `current`: it was resumed, or listed completely. `incomplete`: its last listing failed. `refused`: it
   * would lose too many documents, see {@link IndexerOptions.allowMassDelete}. New states may be added. Treat
   * an unknown state as `pending`.
   */
  readonly state: "pending" | "listing" | "current" | "incomplete" | "refused";
  /** True if the source says that its documents may be stale. */
  readonly isDegraded: boolean;
  /**
   * The index holds all changes of the scope up to this time, epoch milliseconds. Missing if it is not known.
   */
  readonly asOf?: number | undefined;
  /** Why the scope is incomplete, refused or degraded. */
  readonly error?: FollowError | undefined;
}

/** The status of a followed source. */
export interface FollowStatus {
  /** {@link IndexProgress.phase}, or `ended` once {@link FollowHandle.done} has settled. */
  readonly phase: IndexProgress["phase"] | "ended";
  /** Age of the oldest change that is not applied, in milliseconds. 0 if all changes are applied. */
  readonly lagMs: number;
  /** Number of documents whose last change is not applied. */
  readonly waiting: number;
  /** When the source last sent a change, epoch milliseconds. */
  readonly lastPullAt?: number | undefined;
  /**
   * Why the run cannot continue for now, for example because its model server or its store is down. In phase
   * `ended` it is the reason why the run failed. Missing otherwise.
   */
  readonly error?: FollowError | undefined;
  /** In the order in which the source first named them. */
  readonly scopes: readonly ScopeStatus[];
}

/** A source that is being followed. */
export interface FollowHandle {
  /** Returns the status as plain JSON data. */
  status(): FollowStatus;
  /**
   * Resolves when the source ends or the handle is closed. Rejects with the signal's reason when the signal
   * fires, and with a {@link SyncError} if the run fails.
   */
  readonly done: Promise<IndexReport>;
  /**
   * Stops following and releases the lease. The source shows the next run the changes that are not applied
   * yet. A second call does nothing. Never rejects.
   */
  close(): Promise<void>;
}
