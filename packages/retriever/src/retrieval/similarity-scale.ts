import type { Metric } from "@binnacle/core";

type Similarity = (a: Float32Array, b: Float32Array) => number;

/** The similarity by which a collection of this metric scores its hits: the greater, the nearer. */
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

/** The place and the width of a distribution. */
export interface Spread {
  /** Their upper quartile. */
  readonly upper: number;
  /** The distance between their quartiles, as that many standard deviations of a normal distribution. */
  readonly deviation: number;
}

/** Quartiles and not mean and deviation, because a collection may answer some of the reference questions. */
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
