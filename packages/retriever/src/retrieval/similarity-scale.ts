import type { Metric } from "@binnacle/core";

type Similarity = (a: Float32Array, b: Float32Array) => number;

/** Returns the function by which a collection of this metric scores its hits. A greater value is nearer. */
export function similarityOf(metric: Metric): Similarity {
  if (metric === "dot") return dot;
  if (metric === "euclid") return (a, b) => -Math.hypot(...a.map((value, i) => value - (b[i] ?? 0)));
  return (a, b) => dot(a, b) / (Math.sqrt(dot(a, a) * dot(b, b)) || 1);
}

function dot(a: Float32Array, b: Float32Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += (a[i] ?? 0) * (b[i] ?? 0);
  return sum;
}

/** The position and width of a distribution. */
export interface Spread {
  /** The upper quartile. */
  readonly upper: number;
  /** The standard deviation of a normal distribution with the same distance between its quartiles. */
  readonly deviation: number;
}

/**
 * Measures a distribution by its quartiles, because a few outliers do not move them: a collection may answer
 * some questions.
 */
export function spreadOf(values: readonly number[]): Spread {
  const sorted = values.toSorted((a, b) => a - b);
  const [lower, upper] = [quantile(sorted, 0.25), quantile(sorted, 0.75)];
  return { upper, deviation: (upper - lower) / 1.349 };
}

function quantile(sorted: readonly number[], share: number): number {
  const position = share * (sorted.length - 1);
  const below = Math.floor(position);
  const [a = 0, b = a] = sorted.slice(below, below + 2);
  return a + (b - a) * (position - below);
}
