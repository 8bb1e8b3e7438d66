/** Bounds of doubling waits. */
export interface JitterBounds {
  /** Upper bound of the first wait, in milliseconds. */
  readonly baseDelayMs: number;
  /** Upper bound of every wait, in milliseconds. */
  readonly maxDelayMs: number;
  /** Returns a number from 0 to below 1. */
  readonly random: () => number;
}

/**
 * Returns a random wait between 0 and a bound that doubles with each failure. Clients that failed together
 * then retry at different times (AWS Architecture Blog, "Exponential Backoff And Jitter", 2015).
 */
export function fullJitter(failures: number, { baseDelayMs, maxDelayMs, random }: JitterBounds): number {
  return Math.floor(random() * Math.min(maxDelayMs, baseDelayMs * 2 ** (failures - 1)));
}
