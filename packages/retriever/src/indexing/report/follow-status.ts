import type { IndexProgress, IndexReport } from "./index-report.ts";

/** Why something does not work as it should. */
export interface FollowError {
  readonly code: string;
  readonly message: string;
}

/** How one scope of a followed source is doing. */
export interface ScopeStatus {
  readonly scope: string;
  /**
   * `pending`: the source named it and said nothing else yet. `listing`: it is being listed. `current`: it was resumed, or
   * listed whole. `incomplete`: its last listing broke off. `refused`: it would lose too many documents, see
   * {@link IndexerOptions.allowMassDelete}. New states may be added; treat a state that you do not know as `pending`.
   */
  readonly state: "pending" | "listing" | "current" | "incomplete" | "refused";
  /** True if the source says that its documents may be stale. */
  readonly isDegraded: boolean;
  /** The index holds everything that happened in the scope until then, epoch milliseconds. Missing if it is not known. */
  readonly asOf?: number | undefined;
  /** Why it is incomplete, refused or degraded. */
  readonly error?: FollowError | undefined;
}

/** How far a followed source is. */
export interface FollowStatus {
  /** {@link IndexProgress.phase}, and `ended` once {@link FollowHandle.done} has settled; `error` then says why the run
   * failed, if it did. */
  readonly phase: IndexProgress["phase"] | "ended";
  /** How long the oldest change that is not applied has waited, in milliseconds; 0 if all are applied. */
  readonly lagMs: number;
  /** Documents of which the last change is not applied. */
  readonly waiting: number;
  /** When the source last said something, epoch milliseconds. */
  readonly lastPullAt?: number | undefined;
  /** Why the indexer itself, such as its model server or its store, cannot go on for now. Missing while it can. */
  readonly error?: FollowError | undefined;
  /** In the order in which the source first spoke of them. */
  readonly scopes: readonly ScopeStatus[];
}

/** A source that is being followed. */
export interface FollowHandle {
  /** How far it is. A plain value that survives JSON. */
  status(): FollowStatus;
  /** Resolves when the source ends or the handle is closed; rejects with the signal's reason when the signal fires, and with
   * a {@link SyncError} if the run fails. */
  readonly done: Promise<IndexReport>;
  /** Stops following and gives the lease back. Changes that are not applied yet are shown again to the next run. Calling it again does
   * nothing. Never rejects. */
  close(): Promise<void>;
}
