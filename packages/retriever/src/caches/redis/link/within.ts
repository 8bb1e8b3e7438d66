/** The reason of a wait that took too long. */
export const timedOut: unique symbol = Symbol("timed out");

/** Waits for a promise, but no longer than `ms` and the signal allow. Rejects with `timedOut` or the signal's reason. */
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
    // After a stretch of computing, timers fire before sockets are read: an answer may be there already.
    const timer = setTimeout(() => setImmediate(() => reject(timedOut)), ms);
    signal?.addEventListener("abort", abort, { once: true });
    promise.finally(release).then(resolve, reject);
  });
}
