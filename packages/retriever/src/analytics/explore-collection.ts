import type { CallOptions, Collection, Filter, Metadata, StoredPoint } from "@binnacle/core";
import { callOptionsFields, parseOptions } from "@binnacle/core/kit";
import { z } from "zod";
import { cosine, unitVectors, type UnitVectors } from "./clustering/unit-vectors.ts";
import { samplePoints } from "./sample-points.ts";
import { TimeSlices } from "./time-slices.ts";

/** Options of {@link exploreCollection}. */
export interface ExploreCollectionOptions<M extends Metadata = Metadata> extends CallOptions {
  /** Number of landmarks, from 1 to 200. @default 10 */
  readonly landmarks?: number | undefined;
  /** Explores only points that match. @default all points */
  readonly filter?: Filter<M> | undefined;
  /** Most points that are compared. A larger collection is sampled at random. @default 2000 */
  readonly maxPoints?: number | undefined;
  /** The same seed gives the same landmarks. @default 1 */
  readonly seed?: number | undefined;
}

/** A point that stands for the points around it. */
export interface Landmark<M extends Metadata = Metadata> {
  /** The point with its vector. */
  readonly point: StoredPoint<M>;
  /** Number of sampled points that are closer to this landmark than to the others, itself included. */
  readonly size: number;
  /** Cosine of this landmark and the most similar landmark before it. Undefined for the first one. */
  readonly nearest?: number | undefined;
}

/** The result of {@link exploreCollection}. */
export interface CollectionExploration<M extends Metadata = Metadata> {
  /** In the order of their choice: each differs most from those before it. */
  readonly landmarks: readonly Landmark<M>[];
  /** Lowest cosine of a sampled point and its landmark. 1 if each point is a landmark. */
  readonly coverage: number;
  /** Number of points that were compared. */
  readonly sampled: number;
  /** Number of points that match the filter. */
  readonly total: number;
}

const schema = z.strictObject({
  ...callOptionsFields,
  landmarks: z.int().min(1).max(200).default(10),
  filter: z.custom<Filter>().optional(),
  maxPoints: z.int().min(1).max(100_000).default(2000),
  seed: z.int().nonnegative().default(1),
});

/**
 * Shows what a collection holds by a few points that differ from each other. The first landmark is the point
 * nearest to the mean. Each further one is the point that is least similar to all landmarks before it
 * (Gonzalez's farthest-point traversal), so that rare content is found too. Reads all vectors once. Works in
 * slices, so it does not block the event loop.
 */
export async function exploreCollection<M extends Metadata = Metadata>(
  collection: Collection<M>,
  options: ExploreCollectionOptions<M> = {},
): Promise<CollectionExploration<M>> {
  const parsed = parseOptions("exploreCollection", schema, options);
  const { deadlineAt, traceparent, maxPoints, seed, landmarks } = parsed;
  const { filter, signal } = options;
  const call = { signal, deadlineAt, traceparent, filter, maxPoints, seed };
  const { points, total } = await samplePoints(collection, call);
  const vectors = points.map(({ dense }) => dense);
  const slices = new TimeSlices(signal);
  const { chosen, owners, similarities } = await traverse(vectors, landmarks, slices);
  const sizes = chosen.map(() => 0);
  for (const owner of owners) sizes[owner] = (sizes[owner] ?? 0) + 1;
  return {
    landmarks: chosen.flatMap(({ row, nearest }, at) => {
      const point = points[row];
      if (point === undefined) return [];
      return [{ point, size: sizes[at] ?? 0, nearest }];
    }),
    coverage: similarities.reduce((least, one) => Math.min(least, one), 1),
    sampled: points.length,
    total,
  };
}

interface Traversal {
  readonly chosen: readonly { readonly row: number; readonly nearest: number | undefined }[];
  /** The landmark of each row. */
  readonly owners: readonly number[];
  /** The cosine of each row and its landmark. */
  readonly similarities: readonly number[];
}

async function traverse(
  vectors: readonly Float32Array[],
  most: number,
  slices: TimeSlices,
): Promise<Traversal> {
  const units = await unitVectors("exploreCollection", vectors, slices);
  const { count } = units;
  const owners = Array.from({ length: count }, () => 0);
  const similarities = Array.from({ length: count }, () => -Infinity);
  const chosen: { row: number; nearest: number | undefined }[] = [];
  let next = count === 0 ? undefined : await nearestToMean(units, slices);
  while (next !== undefined && chosen.length < most) {
    const nearest = chosen.length === 0 ? undefined : similarities[next];
    chosen.push({ row: next, nearest });
    for (let row = 0; row < count; row++) {
      if (slices.isOver) await slices.next();
      const similarity = row === next ? 1 : cosine(units, row, units, next);
      if (similarity <= (similarities[row] ?? 0)) continue;
      similarities[row] = similarity;
      owners[row] = chosen.length - 1;
    }
    next = leastCovered(similarities);
  }
  return { chosen, owners, similarities };
}

/** Returns the row that is least similar to its landmark. Undefined if every row equals its landmark. */
function leastCovered(similarities: readonly number[]): number | undefined {
  let [row, least] = [0, Infinity];
  for (const [at, similarity] of similarities.entries())
    if (similarity < least) [row, least] = [at, similarity];
  return least > 1 - 1e-6 ? undefined : row;
}

async function nearestToMean(units: UnitVectors, slices: TimeSlices): Promise<number> {
  const { count, dimensions, numbers } = units;
  const mean = new Float64Array(dimensions);
  for (let row = 0; row < count; row++) {
    if (slices.isOver) await slices.next();
    const from = row * dimensions;
    for (let i = 0; i < dimensions; i++) mean[i] = (mean[i] ?? 0) + (numbers[from + i] ?? 0);
  }
  let [best, highest] = [0, -Infinity];
  for (let row = 0; row < count; row++) {
    if (slices.isOver) await slices.next();
    let score = 0;
    for (let i = 0; i < dimensions; i++) score += (mean[i] ?? 0) * (numbers[row * dimensions + i] ?? 0);
    if (score > highest) [best, highest] = [row, score];
  }
  return best;
}
