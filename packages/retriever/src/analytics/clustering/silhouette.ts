import type { Partition } from "./spherical-k-means.ts";
import { cosine, type UnitVectors } from "./unit-vectors.ts";

/**
 * Returns the mean simplified silhouette of a partition, from −1 to 1. It compares each vector's distance to
 * its own centroid with the distance to the nearest other centroid. 0 for fewer than two clusters.
 */
export function silhouette(vectors: UnitVectors, { centroids, assignments }: Partition): number {
  if (centroids.count < 2 || vectors.count === 0) return 0;
  let sum = 0;
  for (let row = 0; row < vectors.count; row++) {
    const own = assignments[row] ?? 0;
    let other = -Infinity;
    for (let at = 0; at < centroids.count; at++)
      if (at !== own) other = Math.max(other, cosine(vectors, row, centroids, at));
    const inner = Math.max(0, 1 - cosine(vectors, row, centroids, own));
    const outer = Math.max(0, 1 - other);
    const larger = Math.max(inner, outer);
    sum += larger === 0 ? 0 : (outer - inner) / larger;
  }
  return sum / vectors.count;
}
