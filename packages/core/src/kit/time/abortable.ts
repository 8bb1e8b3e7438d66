/**
 * Waits for a promise, but no longer than the signal allows: an abort rejects at once with `signal.reason`, unwrapped.
 * What the promise does afterwards is ignored; the work behind it is not stopped. No listener stays on the signal.
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
