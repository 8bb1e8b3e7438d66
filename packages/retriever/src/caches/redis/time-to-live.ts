/** Redis adds the time to its clock and refuses a sum that is too large. */
const maxTtlMs = 10 * 365 * 24 * 60 * 60 * 1000;

/** Whole milliseconds, at least 1: `ttlMs` less a random part of at most `jitter` of it. `random` is from 0 to below 1. */
export function timeToLiveMs(ttlMs: number, jitter: number, random: number): number {
  const bounded = Math.min(ttlMs, maxTtlMs);
  return Math.max(1, Math.floor(bounded - bounded * jitter * random));
}
