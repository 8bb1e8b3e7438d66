/** Options of every asynchronous call. */
export interface CallOptions {
  /** Stops the call. The promise then rejects with `signal.reason`, unwrapped. */
  readonly signal?: AbortSignal | undefined;
  /** The time at which the call fails with a `TimeoutError`, in epoch milliseconds. It is absolute, so every
   * stage can pass it on unchanged. */
  readonly deadlineAt?: number | undefined;
  /** W3C trace context header (https://www.w3.org/TR/trace-context/), which the driver passes on to
   * servers. */
  readonly traceparent?: string | undefined;
}

/** Options of every call to a model server. Servers and drivers ignore the fields that they do not use. */
export interface InferenceCallOptions extends CallOptions {
  /** Calls with a higher number leave a queue first. @default 0 */
  readonly priority?: number | undefined;
  /** The tenant that makes the call, for fair queues and quotas. Never sent to a server. @default no
   * tenant */
  readonly tenant?: string | undefined;
  /** Marks calls that share a prompt prefix or a session. A pool prefers the same replica for calls with the
   * same text.
   * @default none */
  readonly affinity?: string | undefined;
  /** Identifies the call in the logs of servers. HTTP drivers send it as `X-Request-Id`. @default none */
  readonly requestId?: string | undefined;
  /** Most attempts in total, the first one included. Overrides the driver's own setting. A pool sets 1, so
   * that only the pool retries. @default the driver's own */
  readonly maxAttempts?: number | undefined;
}

/** An object that holds a file, socket, worker or timer. */
export interface Closable extends AsyncDisposable {
  /** Releases all resources. A second call does nothing. Other calls made afterwards reject with code
   * `closed`. */
  close(): Promise<void>;
}
