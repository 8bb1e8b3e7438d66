import type { TimeSlices } from "../time-slices.ts";
import { seedCentroids } from "./seed-centroids.ts";
import { cosine, writeUnit, type UnitVectors } from "./unit-vectors.ts";

/** Options of {@link sphericalKMeans}. */
export interface KMeansOptions {
  readonly clusters: number;
  readonly maxIterations: number;
  readonly random: () => number;
  readonly slices: TimeSlices;
}

/** The result of one run. */
export interface Partition {
  readonly centroids: UnitVectors;
  /** The centroid of each vector. */
  readonly assignments: Uint32Array;
  /** The cosine of each vector and its centroid. */
  readonly similarities: Float32Array;
  /** Sum of the similarities, which the algorithm maximises. */
  readonly objective: number;
  readonly iterations: number;
}

/**
 * Spherical k-means (Dhillon and Modha, Machine Learning 42, 2001): each vector belongs to the centroid with
 * the highest cosine, and each centroid is the direction of the sum of its vectors.
 */
export async function sphericalKMeans(vectors: UnitVectors, options: KMeansOptions): Promise<Partition> {
  const { maxIterations, random, slices } = options;
  const centroids = seedCentroids(vectors, options.clusters, random);
  const assignments = new Uint32Array(vectors.count).fill(centroids.count);
  const similarities = new Float32Array(vectors.count);
  let iterations = 0;
  let objective = 0;
  for (let moved = 1; moved > 0 && iterations < maxIterations; iterations++) {
    if (iterations > 0) moveCentroids(vectors, centroids, { assignments, similarities });
    moved = 0;
    objective = 0;
    for (let row = 0; row < vectors.count; row++) {
      if (slices.isOver) await slices.next();
      const [nearest, similarity] = nearestCentroid(vectors, row, centroids);
      if (assignments[row] !== nearest) moved += 1;
      assignments[row] = nearest;
      similarities[row] = similarity;
      objective += similarity;
    }
  }
  return { centroids, assignments, similarities, objective, iterations };
}

function nearestCentroid(vectors: UnitVectors, row: number, centroids: UnitVectors): [number, number] {
  let [nearest, best] = [0, -Infinity];
  for (let at = 0; at < centroids.count; at++) {
    const similarity = cosine(vectors, row, centroids, at);
    if (similarity > best) [nearest, best] = [at, similarity];
  }
  return [nearest, best];
}

function moveCentroids(
  vectors: UnitVectors,
  centroids: UnitVectors,
  { assignments, similarities }: { readonly assignments: Uint32Array; readonly similarities: Float32Array },
): void {
  const { dimensions } = vectors;
  const sums = new Float64Array(centroids.numbers.length);
  const sizes = new Uint32Array(centroids.count);
  for (let row = 0; row < vectors.count; row++) {
    const at = assignments[row] ?? 0;
    sizes[at] = (sizes[at] ?? 0) + 1;
    for (let i = 0; i < dimensions; i++) {
      const target = at * dimensions + i;
      sums[target] = (sums[target] ?? 0) + (vectors.numbers[row * dimensions + i] ?? 0);
    }
  }
  for (const [at, size] of sizes.entries()) {
    // A centroid that lost all vectors moves to the vector that fits its own centroid least.
    const sum =
      size > 0 ? sums.subarray(at * dimensions, (at + 1) * dimensions) : takeWorst(vectors, similarities);
    writeUnit(centroids.numbers, at * dimensions, sum);
  }
}

function takeWorst(vectors: UnitVectors, similarities: Float32Array): Float32Array {
  let worst = 0;
  for (const [row, similarity] of similarities.entries())
    if (similarity < (similarities[worst] ?? 0)) worst = row;
  similarities[worst] = Infinity; // so that two empty centroids do not take the same vector
  return vectors.numbers.subarray(worst * vectors.dimensions, (worst + 1) * vectors.dimensions);
}
