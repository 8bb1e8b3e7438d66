import { ConfigurationError } from "../../errors/configuration-error.ts";

/** The longest delay of setTimeout. A longer delay fires immediately
 * (https://nodejs.org/api/timers.html#settimeoutcallback-delay-args). */
export const longestDelayMs: number = 2 ** 31 - 1;

/**
 * Calls `callback` once, after at least `delayMs` of the monotonic clock. It is never early, while
 * `setTimeout` may be early by a fraction of a millisecond. Never calls it for `Infinity`. Returns a function
 * that cancels the timer.
 */
export function startTimer(delayMs: number, callback: () => void): () => void {
  if (Number.isNaN(delayMs)) throw new ConfigurationError("A delay or deadline is NaN. Give milliseconds.");
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
