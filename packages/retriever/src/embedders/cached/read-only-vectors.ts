import { isVectorBytes, vectorInPlace } from "./vector-bytes.ts";
import type { VectorReader } from "./vector-reader.ts";

/** How many of a vector's first numbers are looked at again each time it is given out: half a cache line. */
const firstNumbers = 8;

/** The vector of a value, and what is remembered of it from when it was sound. */
interface Known {
  readonly vector: Float32Array;
  readonly sumOfFirst: number;
  /** Where the number stands that is furthest from zero, and which it is: the first ones may all be zero. */
  readonly peakAt: number;
  readonly peak: number;
}

/**
 * Gives out the cache's own memory as vectors, which nobody may write to. Whoever does it all the same is found out where
 * it was done to the whole vector, as by adding to it or scaling it: the value then counts as damaged. To look at every
 * number each time, as the checksum does, would cost more than the copy that is saved.
 */
export class ReadOnlyVectors implements VectorReader {
  readonly #known = new WeakMap<Uint8Array, Known>();

  read(values: readonly (Uint8Array | undefined)[], dimensions: number): (Float32Array | undefined)[] {
    return values.map((value) => {
      if (value === undefined) return undefined;
      const known = this.#known.get(value) ?? this.#learn(value, dimensions);
      if (known?.vector.length !== dimensions) return undefined;
      const { vector, sumOfFirst, peakAt, peak } = known;
      return vector[peakAt] === peak && sumOfFirst === sumFirst(vector) ? vector : undefined;
    });
  }

  #learn(value: Uint8Array, dimensions: number): Known | undefined {
    if (!isVectorBytes(value, dimensions)) return undefined;
    const vector = vectorInPlace(value, dimensions);
    let peakAt = 0;
    let peak = 0;
    for (const [i, number] of vector.entries()) {
      if (Math.abs(number) > Math.abs(peak)) [peakAt, peak] = [i, number];
    }
    const known = { vector, sumOfFirst: sumFirst(vector), peakAt, peak };
    this.#known.set(value, known);
    return known;
  }
}

function sumFirst(vector: Float32Array): number {
  const end = Math.min(vector.length, firstNumbers);
  let sum = 0;
  for (let i = 0; i < end; i++) sum += vector[i] ?? 0;
  return sum;
}
