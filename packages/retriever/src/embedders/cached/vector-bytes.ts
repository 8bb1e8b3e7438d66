import { endianness } from "node:os";
import { crc32 } from "node:zlib";

/**
 * The size of the header before the numbers. A cached vector is little-endian: format version (u8), type of
 * the numbers (u8), zero (u16), dimensions (u32), CRC-32 of the numbers (u32), then the numbers.
 */
const headerBytes = 12;
/** The header's first four bytes as one number: format version 1, float32. */
const format = 0x0101;

/** Encodes a vector as bytes that every machine can read. */
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

/** Returns true if the bytes are an undamaged vector of this format and length. */
export function isVectorBytes(bytes: Uint8Array, dimensions: number): boolean {
  if (bytes.byteLength !== headerBytes + 4 * dimensions) return false;
  const header = new DataView(bytes.buffer, bytes.byteOffset, headerBytes);
  return (
    header.getUint32(0, true) === format &&
    header.getUint32(4, true) === dimensions &&
    header.getUint32(8, true) === crc32(bytes.subarray(headerBytes))
  );
}

/** Copies the numbers of checked bytes into a vector. */
export function readVectorBytes(bytes: Uint8Array, vector: Float32Array): void {
  const numbers = new Uint8Array(vector.buffer, vector.byteOffset, vector.byteLength);
  numbers.set(bytes.subarray(headerBytes));
  swapOnBigEndian(numbers);
}

/** Converts the numbers between the machine's byte order and little-endian, in both directions. */
function swapOnBigEndian(numbers: Uint8Array): void {
  if (endianness() === "BE") Buffer.from(numbers.buffer, numbers.byteOffset, numbers.byteLength).swap32();
}
