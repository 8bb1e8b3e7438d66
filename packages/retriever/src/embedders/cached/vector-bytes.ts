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
  if (!hasVectorHeader(bytes, dimensions)) return false;
  return numberAt(bytes, 8) === crc32(bytes.subarray(headerBytes));
}

/**
 * Returns the numbers in place, for bytes that the caller owns and that are known to be undamaged. Undefined
 * if they are of another format or length.
 */
export function vectorInPlace(bytes: Uint8Array, dimensions: number): Float32Array | undefined {
  if (!hasVectorHeader(bytes, dimensions)) return undefined;
  const start = bytes.byteOffset + headerBytes;
  if (start % Float32Array.BYTES_PER_ELEMENT === 0) {
    swapOnBigEndian(bytes.subarray(headerBytes));
    return new Float32Array(bytes.buffer, start, dimensions);
  }
  const vector = new Float32Array(dimensions);
  readVectorBytes(bytes, vector);
  return vector;
}

function hasVectorHeader(bytes: Uint8Array, dimensions: number): boolean {
  if (bytes.byteLength !== headerBytes + 4 * dimensions) return false;
  return numberAt(bytes, 0) === format && numberAt(bytes, 4) === dimensions;
}

/** Reads a little-endian number of four bytes. A DataView for each value would take longer. */
function numberAt(bytes: Uint8Array, at: number): number {
  const low = (bytes[at] ?? 0) | ((bytes[at + 1] ?? 0) << 8);
  const high = (bytes[at + 2] ?? 0) | ((bytes[at + 3] ?? 0) << 8);
  return low + high * 0x10000;
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
