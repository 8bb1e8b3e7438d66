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
  const times = contenders.map((): number[] => []);
  const cpuTimes = contenders.map((): number[] => []);
  const results: T[] = [];
  for (const { run, warmups } of contenders) for (let i = 0; i < warmups; i++) await run();
  const rounds = Math.max(...contenders.map(({ runs }) => runs));
  for (let round = 0; round < rounds; round++) {
    const order = contenders.map((_, i) => i);
    if (round % 2 === 1) order.reverse();
    for (const i of order) {
      const contender = contenders[i];
      if (contender === undefined || round >= contender.runs) continue;
      const cpu = process.cpuUsage();
      const start = performance.now();
      const result = await contender.run();
      times[i]?.push(performance.now() - start);
      const { user, system } = process.cpuUsage(cpu);
      cpuTimes[i]?.push((user + system) / 1_000);
      results[i] = result;
    }
  }
  return contenders.flatMap(({ name, runs }, i) => {
    const sorted = (times[i] ?? []).toSorted((a, b) => a - b);
    const result = results[i];
    if (result === undefined) return [];
    return [
      {
        name,
        runs,
        medianMs: medianOf(sorted),
        cpuMs: medianOf(cpuTimes[i] ?? []),
        minMs: sorted[0] ?? Number.NaN,
        maxMs: sorted.at(-1) ?? Number.NaN,
        result,
      },
    ];
  });
}

function medianOf(numbers: readonly number[]): number {
  const sorted = numbers.toSorted((a, b) => a - b);
  return sorted[sorted.length >> 1] ?? Number.NaN;
}
