import type { VectorReader } from "./vector-reader.ts";
import { isVectorBytes, vectorByteLength, vectorOverBytes } from "./vector-bytes.ts";

/** Whoever keeps one vector of a call keeps at most this much alive with it. */
const slabBytes = 64 * 1024;

/**
 * Makes vectors of cached values, each in memory of its own. A value is checked when it is first seen: a cache in this
 * process returns the same object again and again, and it may not change.
 */
export class VectorCopies implements VectorReader {
  readonly #checked = new WeakSet<Uint8Array>();

  read(values: readonly (Uint8Array | undefined)[], dimensions: number): (Float32Array | undefined)[] {
    const bytes = vectorByteLength(dimensions);
    // Many small vectors share a buffer, because making one costs more than filling it.
    const perSlab = Math.max(1, Math.min(values.length, Math.floor(slabBytes / bytes)));
    let slab = new Uint8Array();
    let used = 0;
    return values.map((value) => {
      if (value === undefined || !this.#isSound(value, dimensions)) return undefined;
      if (used === slab.byteLength) {
        // Not filled with zeros first: every byte of a vector is written below.
        slab = new Uint8Array(Buffer.allocUnsafeSlow(perSlab * bytes).buffer);
        used = 0;
      }
      slab.set(value, used);
      used += bytes;
      return vectorOverBytes(slab, used - bytes, dimensions);
    });
  }

  #isSound(value: Uint8Array, dimensions: number): boolean {
    if (value.byteLength !== vectorByteLength(dimensions)) return false;
    if (this.#checked.has(value)) return true;
    if (!isVectorBytes(value, dimensions)) return false;
    this.#checked.add(value);
    return true;
  }
}
