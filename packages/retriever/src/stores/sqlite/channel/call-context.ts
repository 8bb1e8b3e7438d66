/** What a handler in the worker knows of the call it answers. */
export interface CallContext {
  /** Aborted when the caller gave up or the store closes. */
  readonly signal: AbortSignal;
  /** When the call arrived, epoch milliseconds; what it waits for from then on counts, its turn among writes included. */
  readonly startedAt: number;
  /** The caller's deadline, epoch milliseconds. */
  readonly deadlineAt?: number | undefined;
  /** Tells the caller what it waits for, so that a timeout can say so. */
  readonly onWaiting: (phase: "lock") => void;
}
