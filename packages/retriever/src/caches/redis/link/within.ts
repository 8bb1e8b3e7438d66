/** The rejection reason of a wait that took too long. */
export const timedOut: unique symbol = Symbol("timed out");

/**
 * Waits for a promise at most `ms` milliseconds. Rejects with `timedOut` after that, and with the signal's
 * reason on an abort.
 */
export function within<T>(
  promise: Promise<T>,
  { ms, signal }: { readonly ms: number; readonly signal: AbortSignal | undefined },
): Promise<T> {
  return new Promise<T>((resolve, reject) => {
    const release = (): void => {
      clearTimeout(timer);
      signal?.removeEventListener("abort", abort);
    };
    const abort = (): void => {
      release();
      reject(signal?.reason);
    };
    // After long computing, timers fire before sockets are read, so the answer may already be there.
    const timer = setTimeout(() => setImmediate(() => reject(timedOut)), ms);
    signal?.addEventListener("abort", abort, { once: true });
    promise.finally(release).then(resolve, reject);
  });
}
