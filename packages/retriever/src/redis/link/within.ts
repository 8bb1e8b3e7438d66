/** The rejection reason of a wait that took too long. */
export const timedOut: unique symbol = Symbol("timed out");

/** Limits of a wait. */
export interface WaitLimits {
  readonly ms: number;
  readonly signal: AbortSignal | undefined;
  /** Holds a function for each wait. It ends the wait with the given reason. */
  readonly waits?: Set<(reason: unknown) => void> | undefined;
}

/**
 * Waits for a promise at most `ms` milliseconds. Rejects with `timedOut` after that, with the signal's reason on an
 * abort, and with the reason that a function of `waits` is given.
 */
export function within<T>(promise: Promise<T>, { ms, signal, waits }: WaitLimits): Promise<T> {
  return new Promise<T>((resolve, reject) => {
    const release = (): void => {
      clearTimeout(timer);
      signal?.removeEventListener("abort", abort);
      waits?.delete(end);
    };
    const end = (reason: unknown): void => {
      release();
      reject(reason);
    };
    const abort = (): void => end(signal?.reason);
    // After long computing, timers fire before sockets are read, so the answer may already be there.
    const timer = setTimeout(() => setImmediate(() => reject(timedOut)), ms);
    signal?.addEventListener("abort", abort, { once: true });
    waits?.add(end);
    promise.finally(release).then(resolve, reject);
  });
}
