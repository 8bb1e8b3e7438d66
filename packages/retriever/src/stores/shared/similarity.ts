import type { Metric } from "@binnacle/core";

/** Compares `query` with the row of `block` from position `at`. Higher is better. */
type Compare = (query: Float64Array, block: Float32Array, at: number) => number;

/** The similarity of a query to the row that begins at `at`. */
export type RowSimilarity = (block: Float32Array, at: number, inverseNorm: number) => number;

/** A query that is ready for comparisons. */
export interface PreparedQuery {
  /** The query, of length 1 for cosine. */
  readonly numbers: Float64Array;
  readonly similarity: RowSimilarity;
}

/** Prepares a query for comparisons by the metric. */
export function prepareQuery(query: Float32Array, metric: Metric): PreparedQuery {
  const raw = Float64Array.from(query);
  const norm = Math.sqrt(raw.reduce((sum, value) => sum + value * value, 0));
  const numbers = metric === "cosine" ? raw.map((value) => value / norm) : raw;
  return { numbers, similarity: similarityTo(numbers, metric) };
}

/** Returns the sum of the squares. A search after opening waits for it, so it has two independent sums. */
export function squaredLength(vector: Float32Array): number {
  const { length } = vector;
  let a = 0;
  let b = 0;
  let i = 0;
  for (const end = length - 1; i < end; i += 2) {
    const first = vector[i] ?? 0;
    const second = vector[i + 1] ?? 0;
    a += first * first;
    b += second * second;
  }
  if (i < length) a += (vector[i] ?? 0) * (vector[i] ?? 0);
  return a + b;
}

function similarityTo(numbers: Float64Array, metric: Metric): RowSimilarity {
  const compare = metric === "euclid" ? negativeDistance : innerProduct;
  if (metric !== "cosine") return (block, at) => compare(numbers, block, at);
  return (block, at, inverseNorm) => clampCosine(compare(numbers, block, at) * inverseNorm);
}

// Rounding may put a vector's similarity to itself slightly above 1.
function clampCosine(value: number): number {
  return Math.max(-1, Math.min(1, value));
}

// Four independent sums. `?? 0` never applies, and costs nothing once compiled.
const innerProduct: Compare = (query, block, at) => {
  const { length } = query;
  let a = 0;
  let b = 0;
  let c = 0;
  let d = 0;
  let i = 0;
  for (const end = length - 3; i < end; i += 4) {
    a += (query[i] ?? 0) * (block[at + i] ?? 0);
    b += (query[i + 1] ?? 0) * (block[at + i + 1] ?? 0);
    c += (query[i + 2] ?? 0) * (block[at + i + 2] ?? 0);
    d += (query[i + 3] ?? 0) * (block[at + i + 3] ?? 0);
  }
  for (; i < length; i++) a += (query[i] ?? 0) * (block[at + i] ?? 0);
  return a + b + (c + d);
};

const negativeDistance: Compare = (query, block, at) => {
  const { length } = query;
  let a = 0;
  let b = 0;
  let i = 0;
  for (const end = length - 1; i < end; i += 2) {
    const first = (query[i] ?? 0) - (block[at + i] ?? 0);
    const second = (query[i + 1] ?? 0) - (block[at + i + 1] ?? 0);
    a += first * first;
    b += second * second;
  }
  if (i < length) {
    const last = (query[i] ?? 0) - (block[at + i] ?? 0);
    a += last * last;
  }
  return a + b === 0 ? 0 : -Math.sqrt(a + b);
};
