/** The longest time to live. Redis adds it to its clock and rejects a sum that is too large. */
const maxTtlMs = 10 * 365 * 24 * 60 * 60 * 1000;

/**
 * Shortens `ttlMs` by a random share of at most `jitter`. Returns whole milliseconds, at least 1 and at most
 * ten years. `random` is from 0 to below 1.
 */
export function timeToLiveMs(ttlMs: number, jitter: number, random: number): number {
  const bounded = Math.min(ttlMs, maxTtlMs);
  return Math.max(1, Math.floor(bounded - bounded * jitter * random));
}
