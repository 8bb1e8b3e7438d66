/** The context of a call in the worker. */
export interface CallContext {
  /** Fires when the caller aborts or the store closes. */
  readonly signal: AbortSignal;
  /** Time at which the call arrived, in epoch milliseconds. All waiting since then counts, including the
   * turn among writes. */
  readonly startedAt: number;
  /** The caller's deadline, in epoch milliseconds. */
  readonly deadlineAt?: number | undefined;
  /** Reports to the caller that the call waits for a lock, so that a timeout can name it. */
  readonly onWaiting: (phase: "lock") => void;
}
