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

/** Anything that holds a file, socket, worker or timer. */
export interface Closable extends AsyncDisposable {
  /** Releases everything held; calling it again does nothing. Calls made afterwards reject with code `closed`. */
  close(): Promise<void>;
}
