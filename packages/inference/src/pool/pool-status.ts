/** The state of one replica. */
export interface ReplicaStatus {
  readonly name: string;
  /**
   * `available`: takes calls. `ejected`: takes no calls, because it failed. `probing`: a health check decides
   * about its return. `paused`: the server asked for a wait. `draining`: ends its calls and gets no more. This
   * union may grow: treat a state that you do not know as `ejected`.
   */
  readonly state: "available" | "ejected" | "probing" | "paused" | "draining";
  readonly tier: number;
  readonly weight: number;
  /** Number of running calls. */
  readonly inUse: number;
  /** Most calls at the same time, as the pool has found it. */
  readonly limit: number;
  /** Estimated tokens of the running calls. */
  readonly outstandingTokens: number;
  /** Usual latency for a call of usual size, in milliseconds. For a generation it is the time to the first
   * token. Undefined before the first call. */
  readonly latencyMs?: number | undefined;
  /** Milliseconds until the replica may be probed, or until its pause ends. 0 if it takes calls. */
  readonly leftMs: number;
  /** Ejections in a row. */
  readonly ejections: number;
  /** Attempts so far, hedges included. */
  readonly attempts: number;
  /** Attempts that failed. */
  readonly failures: number;
  /** Prompt tokens that the server reported so far. */
  readonly promptTokens: number;
  /** Prompt tokens that the server read from its cache. */
  readonly cachedTokens: number;
  /** Message of the last failure. Undefined if there was none. */
  readonly lastError?: string | undefined;
}

/** The state of a pool. */
export interface PoolStatus {
  readonly replicas: readonly ReplicaStatus[];
  /** Number of calls that wait for a free slot. */
  readonly queued: number;
  /** Estimated tokens of these calls. */
  readonly queuedTokens: number;
  /** True if no replica is available, so that all of them get calls. */
  readonly isPanic: boolean;
  /** Retries and hedges that may be sent now. */
  readonly budgetLeft: number;
  /** Calls so far. */
  readonly calls: number;
  /** Retries so far. */
  readonly retries: number;
  /** Hedges so far. */
  readonly hedges: number;
}

/** Changes a pool while it runs. */
export interface PoolAdmin<Replica> {
  /** Returns the state of every replica. Sends nothing. */
  status(): PoolStatus;
  /** Adds a replica. Throws a `ConfigurationError` if its name is in use. */
  add(replica: Replica): void;
  /**
   * Removes a replica. It gets no more calls. Resolves when its last call has ended and its driver is closed.
   * Does nothing if the name is unknown.
   */
  drain(name: string): Promise<void>;
}
