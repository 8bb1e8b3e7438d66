import { endianness } from "node:os";
import { crc32 } from "node:zlib";

/**
 * How a vector lies in a cache, little-endian: format version (u8), type of the numbers (u8), zero (u16), dimensions
 * (u32), CRC-32 of the numbers (u32), the numbers. 12 bytes more than the numbers alone.
 */
const headerBytes = 12;
/** Format version 1, float32: the first four bytes as one number. */
const format = 0x0101;

/** How many bytes a vector of so many numbers takes. */
export function vectorByteLength(dimensions: number): number {
  return headerBytes + 4 * dimensions;
}

/** The vector as bytes that `isVectorBytes` accepts on every machine. */
export function vectorToBytes(vector: Float32Array): Uint8Array {
  const bytes = new Uint8Array(vectorByteLength(vector.length));
  const numbers = numbersOf(bytes);
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
  if (bytes.byteLength !== vectorByteLength(dimensions)) return false;
  const header = new DataView(bytes.buffer, bytes.byteOffset, headerBytes);
  return (
    header.getUint32(0, true) === format &&
    header.getUint32(4, true) === dimensions &&
    header.getUint32(8, true) === crc32(numbersOf(bytes))
  );
}

/** The vector whose sound bytes lie at an offset divisible by four, in their memory: they must not be used otherwise. */
export function vectorOverBytes(slab: Uint8Array, offset: number, dimensions: number): Float32Array {
  const vector = new Float32Array(slab.buffer, slab.byteOffset + offset + headerBytes, dimensions);
  swapOnBigEndian(vector);
  return vector;
}

/** The vector of sound bytes, in their own memory where numbers can be read there: wherever a cache in this process put them. */
export function vectorInPlace(bytes: Uint8Array, dimensions: number): Float32Array {
  const start = bytes.byteOffset + headerBytes;
  const isReadable = endianness() === "LE" && start % Float32Array.BYTES_PER_ELEMENT === 0;
  return isReadable
    ? new Float32Array(bytes.buffer, start, dimensions)
    : vectorOverBytes(new Uint8Array(bytes), 0, dimensions); // not slice(), which copies nothing of a Buffer
}

function numbersOf(bytes: Uint8Array): Uint8Array {
  return bytes.subarray(headerBytes);
}

/** The way there is the way back. */
function swapOnBigEndian(numbers: Uint8Array | Float32Array): void {
  if (endianness() === "BE") Buffer.from(numbers.buffer, numbers.byteOffset, numbers.byteLength).swap32();
}
