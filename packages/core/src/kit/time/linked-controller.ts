/** A controller that follows the caller's signal until it is unlinked. */
export interface LinkedController {
  readonly controller: AbortController;
  /** Removes the listener from the caller's signal, which may live as long as the process. */
  unlink(): void;
}

/** Creates an `AbortController` that aborts with the caller's signal and its reason. */
export function linkedController(signal: AbortSignal | undefined): LinkedController {
  const controller = new AbortController();
  if (signal === undefined) return { controller, unlink: () => undefined };
  const follow = (): void => controller.abort(signal.reason);
  if (signal.aborted) follow();
  else signal.addEventListener("abort", follow, { once: true });
  return { controller, unlink: () => signal.removeEventListener("abort", follow) };
}
