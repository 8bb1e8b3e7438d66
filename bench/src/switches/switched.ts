/** One optimisation, measured without and with it. */
export interface Switched {
  readonly name: string;
  /** Names the figure: `ms per question`. */
  readonly unit: string;
  /** True: a larger figure is better. @default false */
  readonly isMoreBetter?: boolean | undefined;
  /** Why it cannot be measured here. */
  missing?(): string | undefined;
  measure(): Promise<Figures>;
}

/** The figures of an optimisation that is off and on. */
export interface Figures {
  readonly off: number;
  readonly on: number;
}

/** Returns the median of the milliseconds of each run, after some runs that are not counted. */
export async function medianMs(run: () => Promise<unknown>, runs = 21): Promise<number> {
  const times: number[] = [];
  for (let i = 0; i < 5; i++) await run();
  for (let i = 0; i < runs; i++) {
    const from = performance.now();
    await run();
    times.push(performance.now() - from);
  }
  return times.toSorted((a, b) => a - b)[runs >> 1] ?? Number.NaN;
}
