import { endianness } from "node:os";
import { crc32 } from "node:zlib";

/**
 * How a vector lies in a cache, little-endian: format version (u8), type of the numbers (u8), zero (u16), dimensions
 * (u32), CRC-32 of the numbers (u32), the numbers. 12 bytes more than the numbers alone.
 */
const headerBytes = 12;
/** Format version 1, float32: the first four bytes as one number. */
const format = 0x0101;

/** The vector as bytes that {@link vectorFromBytes} reads back on every machine. */
export function vectorToBytes(vector: Float32Array): Uint8Array {
  const bytes = new Uint8Array(headerBytes + vector.byteLength);
  bytes.set(new Uint8Array(vector.buffer, vector.byteOffset, vector.byteLength), headerBytes);
  toLittleEndian(bytes.subarray(headerBytes));
  const view = new DataView(bytes.buffer);
  view.setUint32(0, format, true);
  view.setUint32(4, vector.length, true);
  view.setUint32(8, checksum(bytes), true);
  return bytes;
}

/** Whether the bytes are an undamaged vector of this format and length. */
export function isVectorBytes(bytes: Uint8Array, dimensions: number): boolean {
  if (bytes.byteLength !== headerBytes + 4 * dimensions) return false;
  const view = new DataView(bytes.buffer, bytes.byteOffset, headerBytes);
  return (
    view.getUint32(0, true) === format &&
    view.getUint32(4, true) === dimensions &&
    view.getUint32(8, true) === checksum(bytes)
  );
}

/** The vector, in memory of its own; the bytes must be sound. */
export function vectorFromBytes(bytes: Uint8Array): Float32Array {
  // A copy, because a client may return parts of a larger buffer at any offset, where a Float32Array cannot be laid.
  const vector = new Float32Array((bytes.byteLength - headerBytes) / 4);
  const numbers = new Uint8Array(vector.buffer);
  numbers.set(bytes.subarray(headerBytes));
  toLittleEndian(numbers);
  return vector;
}

/** The vector in the memory of its bytes, which must be sound and not be used otherwise; a copy where that cannot be. */
export function vectorOverBytes(bytes: Uint8Array): Float32Array {
  const { buffer, byteOffset, byteLength } = bytes;
  const start = byteOffset + headerBytes;
  if (start % Float32Array.BYTES_PER_ELEMENT !== 0 || endianness() === "BE") return vectorFromBytes(bytes);
  return new Float32Array(buffer, start, (byteLength - headerBytes) / Float32Array.BYTES_PER_ELEMENT);
}

function checksum(bytes: Uint8Array): number {
  return crc32(bytes.subarray(headerBytes));
}

/** Swaps in place on a big-endian machine; the way there is the way back. */
function toLittleEndian(numbers: Uint8Array): void {
  if (endianness() === "BE") Buffer.from(numbers.buffer, numbers.byteOffset, numbers.byteLength).swap32();
}
