import { endianness } from "node:os";
import type { SparseVector } from "@binnacle/core";

/** Returns the numbers as the file holds them: float32, little-endian. */
export function encodeDense(vector: Float32Array): Uint8Array {
  return littleEndian(Buffer.from(vector.buffer, vector.byteOffset, vector.byteLength));
}

export function decodeDense(blob: Uint8Array): Float32Array {
  return new Float32Array(aligned(littleEndian(blob)));
}

/** Returns all indices as uint32, then all values as float32, little-endian. */
export function encodeSparse({ indices, values }: SparseVector): Uint8Array {
  const parts = [indices, values].map((part) => Buffer.from(part.buffer, part.byteOffset, part.byteLength));
  return littleEndian(Buffer.concat(parts));
}

/** Reads a sparse vector. Here SQLite has no empty blob apart from NULL, so both are the empty vector. */
export function decodeSparse(blob: Uint8Array | undefined): SparseVector {
  const buffer = aligned(littleEndian(blob ?? new Uint8Array()));
  const half = buffer.byteLength / 2;
  return { indices: new Uint32Array(buffer, 0, half / 4), values: new Float32Array(buffer, half) };
}

/** Reads many sparse vectors that follow each other, from their lengths in bytes. They share one buffer. */
export function decodeSparseRows(
  blob: Uint8Array | undefined,
  lengths: readonly number[],
): readonly SparseVector[] {
  const buffer = aligned(littleEndian(blob ?? new Uint8Array()));
  let at = 0;
  return lengths.map((length) => {
    const [terms, start] = [length / 8, at];
    at += length;
    return {
      indices: new Uint32Array(buffer, start, terms),
      values: new Float32Array(buffer, start + length / 2, terms),
    };
  });
}

function littleEndian(bytes: Uint8Array): Uint8Array {
  return endianness() === "LE" ? bytes : Buffer.from(bytes).swap32();
}

/** Returns a copy, so that a view on four-byte numbers may start at 0 and no larger buffer stays in
 * memory. */
function aligned(bytes: Uint8Array): ArrayBuffer {
  const { buffer } = bytes;
  if (buffer instanceof ArrayBuffer && buffer.byteLength === bytes.byteLength) return buffer;
  const copy = new ArrayBuffer(bytes.byteLength);
  new Uint8Array(copy).set(bytes);
  return copy;
}
