/** What every call that may wait accepts. */
export interface CallOptions {
  /** Stops the call; the promise then rejects with `signal.reason`, unwrapped. */
  readonly signal?: AbortSignal | undefined;
  /** The moment, in epoch milliseconds, after which the call gives up with a `TimeoutError`. Absolute, so
   * that it can be handed down through stages without being added up again. */
  readonly deadlineAt?: number | undefined;
  /** W3C trace context header (https://www.w3.org/TR/trace-context/) to pass on to servers. */
  readonly traceparent?: string | undefined;
}

/** What every call to a model server accepts. A server or driver without use for a field ignores it. */
export interface InferenceCallOptions extends CallOptions {
  /** Calls with a higher number leave a queue first. @default 0 */
  readonly priority?: number | undefined;
  /** Whose call this is, for fair queues and quotas. Never sent to a server. @default nobody's */
  readonly tenant?: string | undefined;
  /** Calls with the same text share a prompt prefix or a session: a pool prefers to send them to the same replica.
   * @default none */
  readonly affinity?: string | undefined;
  /** Names the call in the logs of servers; sent as `X-Request-Id` over HTTP. @default none */
  readonly requestId?: string | undefined;
  /** Most attempts in all; stronger than the driver's own setting. A pool sets 1, so that only the pool retries.
   * @default the driver's */
  readonly maxAttempts?: number | undefined;
}

/** Anything that holds a file, socket, worker or timer. */
export interface Closable extends AsyncDisposable {
  /** Releases everything held; calling it again does nothing. Calls made afterwards reject with code `closed`. */
  close(): Promise<void>;
}
