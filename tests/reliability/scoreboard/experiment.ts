/** Settings of one run of an experiment. */
export interface Setting {
  /** Seed of the questions, values and moments. */
  readonly seed: number;
  /** How long something stays broken, in milliseconds. */
  readonly outageMs: number;
  /** Share of the full number of generated cases. 1 runs all of them. */
  readonly share: number;
}

/** One number that an experiment found. */
export interface Figure {
  /** Names the count or measurement: `failed requests`. */
  readonly figure: string;
  /** Null if it was not measured; see `needs`. */
  readonly value: number | null;
  readonly unit: string;
  /** The wanted value in words; missing if the number is only shown. */
  readonly target?: string | undefined;
  /** True if the target is met; missing if there is no target. */
  readonly ok?: boolean | undefined;
  /** True: a miss is a defect, on any machine. False: a slow machine may miss it. @default false */
  readonly isCorrectness?: boolean | undefined;
  /** The requirement of the figure that this run did not meet: `QDRANT_URL`. */
  readonly needs?: string | undefined;
}

/** A row of the scoreboard: breaks something on purpose and counts what that did. */
export interface Experiment {
  readonly title: string;
  /** Why it cannot run here; undefined if it can. */
  missing(): Promise<string | undefined>;
  run(setting: Setting): Promise<readonly Figure[]>;
}

/** A count that must be exactly `wanted`, on any machine. */
export function exactly(figure: string, value: number, wanted: number, unit = ""): Figure {
  return { figure, value, unit, target: String(wanted), ok: value === wanted, isCorrectness: true };
}

/** A measurement that should not be above `most`. */
export function atMost(figure: string, value: number, most: number, unit: string): Figure {
  return { figure, value: Math.round(value * 100) / 100, unit, target: `<= ${most}`, ok: value <= most };
}

/** A measurement that should not be below `least`. */
export function atLeast(figure: string, value: number, least: number, unit: string): Figure {
  return {
    figure,
    value: Math.round(value * 10_000) / 10_000,
    unit,
    target: `>= ${least}`,
    ok: value >= least,
  };
}

/** A figure that cannot be measured here. */
export function unmeasured(figure: string, target: string, needs: string): Figure {
  return { figure, value: null, unit: "", target, needs };
}

/** A number that is only shown. */
export function shown(figure: string, value: number, unit: string): Figure {
  return { figure, value: Math.round(value * 100) / 100, unit };
}
