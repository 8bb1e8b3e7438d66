import { cosine, type UnitVectors } from "./unit-vectors.ts";

/**
 * Chooses the first centroids as k-means++ does (Arthur and Vassilvitskii, SODA 2007): each next vector is
 * drawn with a chance in proportion to its squared distance from the nearest chosen vector. For unit vectors
 * that is 2 − 2 × cosine. Returns fewer centroids if there are fewer different vectors.
 */
export function seedCentroids(vectors: UnitVectors, clusters: number, random: () => number): UnitVectors {
  const { count, dimensions, numbers } = vectors;
  const chosen = [Math.floor(random() * count)];
  const distances = new Float64Array(count).fill(Infinity);
  while (chosen.length < clusters) {
    const last = chosen[chosen.length - 1] ?? 0;
    let total = 0;
    for (let row = 0; row < count; row++) {
      const distance = Math.max(0, 1 - cosine(vectors, row, vectors, last));
      if (distance < (distances[row] ?? 0)) distances[row] = distance;
      total += distances[row] ?? 0;
    }
    // The rounding of float32 leaves a tiny distance between equal vectors.
    if (total < count * 1e-7) break;
    chosen.push(draw(distances, random() * total));
  }
  const centroids = new Float32Array(chosen.length * dimensions);
  for (const [at, row] of chosen.entries())
    centroids.set(numbers.subarray(row * dimensions, (row + 1) * dimensions), at * dimensions);
  return { count: chosen.length, dimensions, numbers: centroids };
}

function draw(weights: Float64Array, target: number): number {
  let left = target;
  let last = 0;
  for (const [row, weight] of weights.entries()) {
    if (weight <= 0) continue;
    last = row;
    left -= weight;
    if (left < 0) return row;
  }
  return last;
}
