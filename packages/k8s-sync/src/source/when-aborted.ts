/** Waits for a signal. `release` ends the wait. */
export function whenAborted(signal: AbortSignal): {
  readonly promise: Promise<void>;
  readonly release: () => void;
} {
  const { promise, resolve } = Promise.withResolvers<void>();
  const listener = (): void => resolve();
  signal.addEventListener("abort", listener, { once: true });
  if (signal.aborted) resolve();
  return { promise, release: () => signal.removeEventListener("abort", listener) };
}
