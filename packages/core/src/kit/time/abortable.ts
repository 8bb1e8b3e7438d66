/**
 * Waits for a promise until the signal aborts. An abort rejects immediately with `signal.reason`, unwrapped.
 * The work behind the promise continues, but its result is ignored. No listener remains on the signal.
 */
export function abortable<T>(promise: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  if (signal === undefined) return promise;
  return new Promise<T>((resolve, reject) => {
    const abort = (): void => reject(signal.reason);
    const release = (): void => signal.removeEventListener("abort", abort);
    if (signal.aborted) abort();
    else signal.addEventListener("abort", abort, { once: true });
    promise.finally(release).then(resolve, reject);
  });
}
