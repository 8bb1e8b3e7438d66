import { endianness } from "node:os";
import { crc32 } from "node:zlib";

/**
 * The layout of a cached vector, little-endian: format version (u8), type of the numbers (u8), zero (u16), dimensions (u32),
 * CRC-32 of the numbers (u32), the numbers. It takes 12 bytes more than the numbers alone.
 */
const headerBytes = 12;
/** Format version 1, float32: the first four bytes as one number. */
const format = 0x0101;

/** The vector as bytes that are sound on every machine. */
export function vectorToBytes(vector: Float32Array): Uint8Array {
  const bytes = new Uint8Array(headerBytes + vector.byteLength);
  const numbers = bytes.subarray(headerBytes);
  numbers.set(new Uint8Array(vector.buffer, vector.byteOffset, vector.byteLength));
  swapOnBigEndian(numbers);
  const header = new DataView(bytes.buffer);
  header.setUint32(0, format, true);
  header.setUint32(4, vector.length, true);
  header.setUint32(8, crc32(numbers), true);
  return bytes;
}

/** Whether the bytes are an undamaged vector of this format and length. */
export function isVectorBytes(bytes: Uint8Array, dimensions: number): boolean {
  if (bytes.byteLength !== headerBytes + 4 * dimensions) return false;
  const header = new DataView(bytes.buffer, bytes.byteOffset, headerBytes);
  return (
    header.getUint32(0, true) === format &&
    header.getUint32(4, true) === dimensions &&
    header.getUint32(8, true) === crc32(bytes.subarray(headerBytes))
  );
}

/** Copies the numbers of sound bytes into a vector. */
export function readVectorBytes(bytes: Uint8Array, vector: Float32Array): void {
  const numbers = new Uint8Array(vector.buffer, vector.byteOffset, vector.byteLength);
  numbers.set(bytes.subarray(headerBytes));
  swapOnBigEndian(numbers);
}

/** The way there is the way back. */
function swapOnBigEndian(numbers: Uint8Array): void {
  if (endianness() === "BE") Buffer.from(numbers.buffer, numbers.byteOffset, numbers.byteLength).swap32();
}
