import { ConfigurationError } from "@binnacle/core";
import { seededRandom } from "../seeded-random.ts";
import { TimeSlices } from "../time-slices.ts";
import { parseClusterOptions, type ClusterOptions } from "./cluster-options.ts";
import { silhouette } from "./silhouette.ts";
import { sphericalKMeans, type Partition } from "./spherical-k-means.ts";
import { unitVectors, type UnitVectors } from "./unit-vectors.ts";

/** A group of vectors that point in a similar direction. */
export interface VectorCluster {
  /** Number of vectors. */
  readonly size: number;
  /** The mean direction, of length 1. */
  readonly centroid: Float32Array;
  /** Mean cosine of the vectors and the centroid. */
  readonly cohesion: number;
  /** Positions of the vectors nearest to the centroid, nearest first. */
  readonly exemplars: readonly number[];
}

/** The result of {@link clusterVectors}. */
export interface Clustering {
  /** Largest first. */
  readonly clusters: readonly VectorCluster[];
  /** Position in `clusters` of each vector. */
  readonly assignments: Uint32Array;
  /** How well the clusters are separated, from −1 to 1: the mean simplified silhouette. 0 for one cluster. */
  readonly silhouette: number;
  /** Iterations of the best run. */
  readonly iterations: number;
}

/** Runs from different first centroids. The best run counts, because one run may end in a poor optimum. */
const restarts = 3;
/** Most vectors with which the number of clusters is chosen. */
const trialVectors = 1000;

/**
 * Groups vectors by direction with spherical k-means and k-means++. The same vectors, options and seed give
 * the same clusters. With `clusters: "auto"` it tries every number up to `maxClusters` and takes the one with
 * the best silhouette. It works in slices, so it does not block the event loop. Rejects with a
 * `ConfigurationError` if a vector is no direction, or if there are fewer vectors than clusters.
 */
export async function clusterVectors(
  vectors: readonly Float32Array[],
  options: ClusterOptions = {},
): Promise<Clustering> {
  const { clusters, maxClusters, seed, maxIterations, exemplars, signal } = parseClusterOptions(options);
  signal?.throwIfAborted();
  const slices = new TimeSlices(signal);
  const units = await unitVectors("clusterVectors", vectors, slices);
  if (units.count === 0)
    return { clusters: [], assignments: new Uint32Array(), silhouette: 0, iterations: 0 };
  if (clusters !== "auto" && clusters > units.count)
    throw new ConfigurationError(
      `clusterVectors: \`clusters\` is ${clusters}, but there are only ${units.count} vectors. Ask for fewer clusters.`,
    );
  const run = { random: seededRandom(seed), slices, maxIterations };
  const count = clusters === "auto" ? await chooseCount(units, maxClusters, run) : clusters;
  const best = await bestRun(units, count, run);
  return described(units, best, exemplars);
}

type Run = Omit<Parameters<typeof sphericalKMeans>[1], "clusters">;

async function bestRun(vectors: UnitVectors, clusters: number, run: Run): Promise<Partition> {
  let best = await sphericalKMeans(vectors, { ...run, clusters });
  for (let again = 1; again < restarts && clusters > 1; again++) {
    const next = await sphericalKMeans(vectors, { ...run, clusters });
    if (next.objective > best.objective) best = next;
  }
  return best;
}

async function chooseCount(vectors: UnitVectors, maxClusters: number, run: Run): Promise<number> {
  const trial = evenly(vectors, trialVectors);
  let [chosen, best] = [1, -Infinity];
  for (let clusters = 2; clusters <= Math.min(maxClusters, trial.count - 1); clusters++) {
    const partition = await bestRun(trial, clusters, run);
    // Fewer centroids than asked for mean that there are no more different vectors.
    if (partition.centroids.count < clusters) break;
    const score = silhouette(trial, partition);
    if (score > best) [chosen, best] = [clusters, score];
  }
  return chosen;
}

/** Returns at most `limit` vectors at even distances. */
function evenly(vectors: UnitVectors, limit: number): UnitVectors {
  const { count, dimensions, numbers } = vectors;
  if (count <= limit) return vectors;
  const picked = new Float32Array(limit * dimensions);
  for (let at = 0; at < limit; at++) {
    const row = Math.floor((at * count) / limit);
    picked.set(numbers.subarray(row * dimensions, (row + 1) * dimensions), at * dimensions);
  }
  return { count: limit, dimensions, numbers: picked };
}

function described(vectors: UnitVectors, partition: Partition, exemplars: number): Clustering {
  const { centroids, assignments, similarities, iterations } = partition;
  const members: number[][] = Array.from({ length: centroids.count }, () => []);
  for (const [row, at] of assignments.entries()) members[at]?.push(row);
  const order = members.map((_, at) => at).filter((at) => (members[at]?.length ?? 0) > 0);
  order.sort((a, b) => (members[b]?.length ?? 0) - (members[a]?.length ?? 0) || a - b);
  const similarity = (row: number): number => similarities[row] ?? 0;
  const clusters = order.map((at) => {
    const rows = members[at] ?? [];
    const nearest = rows.toSorted((a, b) => similarity(b) - similarity(a) || a - b);
    return {
      size: rows.length,
      centroid: centroids.numbers.slice(at * centroids.dimensions, (at + 1) * centroids.dimensions),
      cohesion: rows.reduce((sum, row) => sum + similarity(row), 0) / rows.length,
      exemplars: nearest.slice(0, exemplars),
    };
  });
  const places = new Map(order.map((at, place) => [at, place]));
  return {
    clusters,
    assignments: assignments.map((at) => places.get(at) ?? 0),
    silhouette: silhouette(vectors, partition),
    iterations,
  };
}
