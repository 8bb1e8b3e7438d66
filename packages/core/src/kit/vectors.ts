import { BinnacleError } from "../errors/binnacle-error.ts";
import type { SparseVector } from "../spec/sparse-encoder.ts";

/** Why a dense vector cannot be stored or searched, or undefined if it can: wrong length, NaN, infinity, all zero. */
export function denseVectorIssue(vector: Float32Array, dimensions: number): BinnacleError | undefined {
  if (vector.length !== dimensions) {
    return invalid(
      `a vector has ${vector.length} numbers where ${dimensions} are expected; embed it with the collection's own model`,
    );
  }
  let sum = 0;
  // Rounded, because plain JavaScript may pass numbers that only become infinite, or zero, as float32.
  for (const value of vector) sum += Math.abs(Math.fround(value));
  if (Number.isFinite(sum) && sum > 0) return undefined;
  if (sum === 0) return invalid("a vector is all zeros, which has no direction to compare");
  const index = vector.findIndex((value) => !Number.isFinite(Math.fround(value)));
  return invalid(`a vector holds ${vector[index]} at ${index}; every number must be finite in float32`);
}

/** Why a sparse vector cannot be stored or searched, or undefined if it can. An empty one can. */
export function sparseVectorIssue(vector: SparseVector): BinnacleError | undefined {
  const { indices, values } = vector;
  if (indices.length !== values.length) {
    return invalid(`a sparse vector has ${indices.length} indices and ${values.length} values`);
  }
  for (let i = 0; i < indices.length; i++) {
    if (i > 0 && (indices[i] ?? 0) <= (indices[i - 1] ?? 0))
      return invalid(`sparse indices must ascend strictly, but do not at ${i}`);
    if (!Number.isFinite(Math.fround(values[i] ?? NaN)))
      return invalid(`a sparse vector holds ${values[i]} at ${i}; every value must be finite in float32`);
  }
  return undefined;
}

/** A copy of length 1. The vector must not be all zeros. */
export function normalized(vector: Float32Array): Float32Array {
  let squares = 0;
  for (const value of vector) squares += value * value;
  const scale = 1 / Math.sqrt(squares);
  return vector.map((value) => value * scale);
}

function invalid(message: string): BinnacleError {
  return new BinnacleError("invalid_vector", message);
}
