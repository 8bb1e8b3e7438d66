import { ConfigurationError } from "@binnacle/core";
import { denseVectorIssue } from "@binnacle/core/kit";
import type { TimeSlices } from "../time-slices.ts";

/** Vectors of length 1 in one buffer. */
export interface UnitVectors {
  readonly count: number;
  readonly dimensions: number;
  readonly numbers: Float32Array;
}

/** Copies vectors and scales them to length 1. Rejects with a `ConfigurationError` for a vector that is no direction. */
export async function unitVectors(
  label: string,
  vectors: readonly Float32Array[],
  slices: TimeSlices,
): Promise<UnitVectors> {
  const dimensions = vectors[0]?.length ?? 0;
  const numbers = new Float32Array(vectors.length * dimensions);
  for (const [row, vector] of vectors.entries()) {
    if (slices.isOver) await slices.next();
    const issue = denseVectorIssue(vector, dimensions);
    if (issue !== undefined) throw new ConfigurationError(`${label}: vectors[${row}]: ${issue.message}`);
    writeUnit(numbers, row * dimensions, vector);
  }
  return { count: vectors.length, dimensions, numbers };
}

/** Writes a vector at an offset, scaled to length 1. A zero vector stays zero. */
export function writeUnit(target: Float32Array, offset: number, vector: ArrayLike<number>): void {
  let squares = 0;
  for (let i = 0; i < vector.length; i++) squares += (vector[i] ?? 0) ** 2;
  const scale = squares === 0 ? 0 : 1 / Math.sqrt(squares);
  for (let i = 0; i < vector.length; i++) target[offset + i] = (vector[i] ?? 0) * scale;
}

/** Returns the cosine of row `i` of one set and row `j` of another. */
export function cosine(a: UnitVectors, i: number, b: UnitVectors, j: number): number {
  const { dimensions } = a;
  const [x, y] = [a.numbers, b.numbers];
  let [p, q, sum] = [i * dimensions, j * dimensions, 0];
  for (const end = p + dimensions; p < end; p++, q++) sum += (x[p] ?? 0) * (y[q] ?? 0);
  return sum;
}
