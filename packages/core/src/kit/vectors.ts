import { BinnacleError } from "../errors/binnacle-error.ts";
import type { SparseVector } from "../spec/sparse-encoder.ts";

/** Returns an error if a dense vector cannot be stored or searched: wrong length, NaN, infinity, all
 * zeros. */
export function denseVectorIssue(vector: Float32Array, dimensions: number): BinnacleError | undefined {
  if (vector.length !== dimensions) {
    return invalid(
      `A vector has ${vector.length} numbers, but ${dimensions} are expected. Embed it with the collection's own model.`,
    );
  }
  let sum = 0;
  // Plain JavaScript may pass numbers that become infinite or zero only when rounded to float32.
  for (let i = 0; i < vector.length; i++) sum += Math.abs(Math.fround(vector[i] ?? NaN));
  if (Number.isFinite(sum) && sum > 0) return undefined;
  if (sum === 0) return invalid("A vector is all zeros, so it has no direction to compare. Check the model.");
  const index = vector.findIndex((value) => !Number.isFinite(Math.fround(value)));
  return invalid(`A vector holds ${vector[index]} at ${index}. Every number must be finite in float32.`);
}

/** Returns an error if a sparse vector cannot be stored or searched. An empty vector is valid. */
export function sparseVectorIssue(vector: SparseVector): BinnacleError | undefined {
  const { indices, values } = vector;
  if (indices.length !== values.length) {
    return invalid(
      `A sparse vector has ${indices.length} indices and ${values.length} values. Give one value per index.`,
    );
  }
  for (let i = 0; i < indices.length; i++) {
    if (i > 0 && (indices[i] ?? 0) <= (indices[i - 1] ?? 0))
      return invalid(
        `Sparse indices must ascend strictly, but do not at ${i}. Sort them and merge equal ones.`,
      );
    if (!Number.isFinite(Math.fround(values[i] ?? NaN)))
      return invalid(`A sparse vector holds ${values[i]} at ${i}. Every value must be finite in float32.`);
  }
  return undefined;
}

/** Returns a copy with length 1. The vector must not be all zeros. */
export function normalized(vector: Float32Array): Float32Array {
  // Loops with an index, because map and iterators call a function for each number.
  let squares = 0;
  for (let i = 0; i < vector.length; i++) squares += (vector[i] ?? 0) ** 2;
  const scale = 1 / Math.sqrt(squares);
  const copy = new Float32Array(vector.length);
  for (let i = 0; i < copy.length; i++) copy[i] = (vector[i] ?? 0) * scale;
  return copy;
}

function invalid(message: string): BinnacleError {
  return new BinnacleError("invalid_vector", message);
}
