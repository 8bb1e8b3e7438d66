/** A function to measure. */
export interface Contender<T> {
  readonly name: string;
  readonly run: () => T | Promise<T>;
  /** Counted runs. Fewer only if a run takes seconds. */
  readonly runs: number;
  /** Runs before the counted ones. */
  readonly warmups: number;
}

/** Times of one contender and its last result. */
export interface Measured<T> {
  readonly name: string;
  /** Median elapsed time in milliseconds. */
  readonly medianMs: number;
  readonly minMs: number;
  readonly maxMs: number;
  /** Median processor time of the process in milliseconds, for comparison on a shared machine. */
  readonly cpuMs: number;
  /** Least processor time of a run, which other work on the machine disturbs least. */
  readonly minCpuMs: number;
  readonly runs: number;
  readonly result: T;
}

/** Runs contenders in alternating order, so that other work on the machine affects all of them. */
export async function measureAlternating<T>(
  contenders: readonly Contender<T>[],
): Promise<readonly Measured<T>[]> {
  const timings = contenders.map((): Timing[] => []);
  const results: T[] = [];
  for (const { run, warmups } of contenders) for (let i = 0; i < warmups; i++) await run();
  const rounds = Math.max(...contenders.map(({ runs }) => runs));
  for (let round = 0; round < rounds; round++) {
    const order = contenders.map((_, i) => i);
    if (round % 2 === 1) order.reverse();
    for (const i of order) {
      const contender = contenders[i];
      if (contender === undefined || round >= contender.runs) continue;
      const { timing, result } = await timed(contender.run);
      timings[i]?.push(timing);
      results[i] = result;
    }
  }
  return contenders.flatMap(({ name }, i) => {
    const result = results[i];
    return result === undefined ? [] : [summarised(name, timings[i] ?? [], result)];
  });
}

/** Times of one run. */
export interface Timing {
  readonly wallMs: number;
  /** Processor time of the process in milliseconds, with garbage collection. */
  readonly cpuMs: number;
}

/** Computes the median and the spread of some runs. */
export function summarised<T>(name: string, timings: readonly Timing[], result: T): Measured<T> {
  const walls = timings.map(({ wallMs }) => wallMs);
  return {
    name,
    runs: timings.length,
    medianMs: medianOf(walls),
    cpuMs: medianOf(timings.map(({ cpuMs }) => cpuMs)),
    minCpuMs: Math.min(...timings.map(({ cpuMs }) => cpuMs)),
    minMs: Math.min(...walls),
    maxMs: Math.max(...walls),
    result,
  };
}

/** Measures one run. */
export async function timed<T>(
  run: () => T | Promise<T>,
): Promise<{ readonly timing: Timing; readonly result: T }> {
  const cpu = process.cpuUsage();
  const start = performance.now();
  const result = await run();
  const wallMs = performance.now() - start;
  const { user, system } = process.cpuUsage(cpu);
  return { timing: { wallMs, cpuMs: (user + system) / 1_000 }, result };
}

function medianOf(numbers: readonly number[]): number {
  const sorted = numbers.toSorted((a, b) => a - b);
  return sorted[sorted.length >> 1] ?? Number.NaN;
}
