/** Something whose time is taken. */
export interface Contender<T> {
  readonly name: string;
  readonly run: () => T | Promise<T>;
  /** Counted runs; fewer only for what takes seconds. */
  readonly runs: number;
  /** Runs before the counted ones. */
  readonly warmups: number;
}

/** What was measured of one contender, and the last thing it returned. */
export interface Measured<T> {
  readonly name: string;
  /** Median time on the wall. */
  readonly medianMs: number;
  readonly minMs: number;
  readonly maxMs: number;
  /** Median processor time of the process: what to compare on a machine that others use too. */
  readonly cpuMs: number;
  readonly runs: number;
  readonly result: T;
}

/** Runs contenders in alternating order, so that what the machine does meanwhile hits all of them. */
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

/** One run's time. */
export interface Timing {
  readonly wallMs: number;
  /** Processor time of the process, garbage collection included. */
  readonly cpuMs: number;
}

/** The median and the spread of some runs. */
export function summarised<T>(name: string, timings: readonly Timing[], result: T): Measured<T> {
  const walls = timings.map(({ wallMs }) => wallMs);
  return {
    name,
    runs: timings.length,
    medianMs: medianOf(walls),
    cpuMs: medianOf(timings.map(({ cpuMs }) => cpuMs)),
    minMs: Math.min(...walls),
    maxMs: Math.max(...walls),
    result,
  };
}

/** Takes the time of one run. */
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
