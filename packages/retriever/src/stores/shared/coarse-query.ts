import type { Metric } from "@binnacle/core";
import type { KernelQuery } from "./kernel/search-kernel.ts";

/** The kernel computes in float32. Beyond these lengths its results may overflow or vanish. */
const SHORTEST = 1e-15;
const LONGEST = 1e15;
/** The largest number of the kernel's query. The kernel's sums of 8,192 products still fit in 32 bits. */
const LARGEST = 8000;

/** A query for the kernel, and the meaning of the kernel's results. */
export interface CoarseQuery {
  readonly query: KernelQuery;
  /**
   * Returns a value that the similarity does not exceed, from the kernel's result for the row. Not a number if
   * the kernel's result says nothing.
   */
  readonly upperBound: (result: number, inverseNorm: number) => number;
}

/** Rounds a query for the kernel. Undefined if the query is too long or too short. */
export function coarseQuery(numbers: Float64Array, metric: Metric): CoarseQuery | undefined {
  const norm = lengthOf(numbers);
  if (!(norm > SHORTEST && norm < LONGEST)) return undefined;
  const step = numbers.reduce((most, value) => Math.max(most, Math.abs(value)), 0) / LARGEST;
  const rounded = Int16Array.from(numbers, (value) => Math.round(value / step));
  const lost = lengthOf(numbers.map((value, i) => value - step * (rounded[i] ?? 0)));
  // The query's own rounding, and that of the kernel's sums, in units of the row's length. The kernel adds the
  // row's rounding by the inequality of Cauchy and Schwarz.
  const error = lost + norm * (2 ** -19 + Math.sqrt(numbers.length) * 2 ** -21);
  const product = (result: number, inverseNorm: number): number =>
    inverseNorm > 1 / LONGEST && inverseNorm < 1 / SHORTEST
      ? result * step + error / inverseNorm
      : Number.NaN;
  return {
    query: { numbers: rounded, reach: lengthOf(rounded) * 1.001 },
    upperBound: boundFor(metric, norm, product),
  };
}

function boundFor(
  metric: Metric,
  norm: number,
  product: (result: number, inverseNorm: number) => number,
): CoarseQuery["upperBound"] {
  if (metric === "dot") return product;
  if (metric === "cosine") return (result, inverseNorm) => product(result, inverseNorm) * inverseNorm;
  return (result, inverseNorm) => {
    const squares = norm ** 2 + 1 / inverseNorm ** 2;
    return -Math.sqrt(Math.max(0, squares * (1 - 1e-12) - 2 * product(result, inverseNorm)));
  };
}

function lengthOf(numbers: Float64Array | Int16Array): number {
  let squares = 0;
  for (const value of numbers) squares += value * value;
  return Math.sqrt(squares);
}
