import type { CallOptions, Collection, Filter, Metadata, StoredPoint } from "@binnacle/core";
import { seededRandom } from "./seeded-random.ts";
import { TimeSlices } from "./time-slices.ts";

/** Options of {@link samplePoints}. */
export interface SampleOptions<M extends Metadata> extends CallOptions {
  readonly filter?: Filter<M> | undefined;
  readonly maxPoints: number;
  readonly seed: number;
}

/** A random sample of a collection's points with dense vectors. */
export interface PointSample<M extends Metadata> {
  readonly points: readonly (StoredPoint<M> & { readonly dense: Float32Array })[];
  /** Number of points that the scan showed. */
  readonly total: number;
}

/**
 * Reads all points and keeps a uniform sample of those with dense vectors (Vitter's algorithm R). `visit` sees
 * every point, so that sums need no sample.
 */
export async function samplePoints<M extends Metadata>(
  collection: Collection<M>,
  { filter, maxPoints, seed, ...call }: SampleOptions<M>,
  visit: (point: StoredPoint<M>) => void = () => undefined,
): Promise<PointSample<M>> {
  const random = seededRandom(seed);
  const slices = new TimeSlices(call.signal); // a store in memory reads without a pause
  const points: PointSample<M>["points"][number][] = [];
  let [total, dense] = [0, 0];
  for await (const point of collection.scan({ ...call, filter, includeVectors: true })) {
    if (slices.isOver) await slices.next();
    total += 1;
    visit(point);
    if (point.dense === undefined) continue;
    dense += 1;
    const kept = { ...point, dense: point.dense };
    if (points.length < maxPoints) points.push(kept);
    else {
      const place = Math.floor(random() * dense);
      if (place < maxPoints) points[place] = kept;
    }
  }
  return { points, total };
}
