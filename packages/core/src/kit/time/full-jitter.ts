/** The bounds of waits that double. */
export interface JitterBounds {
  /** Upper bound of the first wait. */
  readonly baseDelayMs: number;
  /** Upper bound of every wait. */
  readonly maxDelayMs: number;
  /** From 0 to below 1. */
  readonly random: () => number;
}

/**
 * A wait between 0 and a bound that doubles with each failure, so that clients that failed together return apart (AWS
 * Architecture Blog, "Exponential Backoff And Jitter", 2015).
 */
export function fullJitter(failures: number, { baseDelayMs, maxDelayMs, random }: JitterBounds): number {
  return Math.floor(random() * Math.min(maxDelayMs, baseDelayMs * 2 ** (failures - 1)));
}
