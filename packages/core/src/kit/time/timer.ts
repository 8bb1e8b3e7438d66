import { ConfigurationError } from "../../errors/configuration-error.ts";

/** A longer delay makes setTimeout fire at once (https://nodejs.org/api/timers.html#settimeoutcallback-delay-args). */
export const longestDelayMs: number = 2 ** 31 - 1;

/**
 * Calls back once, when at least `delayMs` have passed by the monotonic clock: never early, as `setTimeout` may be by a
 * fraction of a millisecond. `Infinity` never calls. Returns what cancels it.
 */
export function startTimer(delayMs: number, callback: () => void): () => void {
  if (Number.isNaN(delayMs)) throw new ConfigurationError("a delay or deadline is NaN; give milliseconds");
  if (delayMs === Infinity) return () => undefined;
  const endsAt = performance.now() + delayMs;
  let timeout: NodeJS.Timeout | undefined;
  const arm = (): void => {
    const leftMs = Math.max(0, Math.ceil(endsAt - performance.now()));
    timeout = setTimeout(check, Math.min(leftMs, longestDelayMs));
  };
  const check = (): void => {
    if (performance.now() >= endsAt) callback();
    else arm();
  };
  arm();
  return () => clearTimeout(timeout);
}
