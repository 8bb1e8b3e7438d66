/** A measurement of memory. */
export interface MeasuredMemory {
  readonly atMs: number;
  readonly bytes: number;
}

/** Returns the slope of the line that fits best, in bytes per minute. */
export function slopePerMinute(samples: readonly MeasuredMemory[]): number {
  const [x, y] = [mean(samples.map(({ atMs }) => atMs)), mean(samples.map(({ bytes }) => bytes))];
  const over = samples.reduce((sum, { atMs, bytes }) => sum + (atMs - x) * (bytes - y), 0);
  const under = samples.reduce((sum, { atMs }) => sum + (atMs - x) ** 2, 0);
  return under === 0 ? 0 : (over / under) * 60_000;
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, one) => sum + one, 0) / values.length;
}
