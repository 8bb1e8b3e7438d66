import { crc32 } from "node:zlib";

/**
 * How a value lies in Redis: format version (u8), CRC-32 of key and value (u32, little-endian), the value. The key is
 * part of the sum, so a value that was copied under another key is noticed like a damaged one.
 */
const headerBytes = 5;
const version = 1;

/** Bytes that a seal adds to a value. */
export const sealBytes: number = headerBytes;

/** The value with its header, in memory of its own. */
export function sealValue(key: string, value: Uint8Array): Buffer {
  const sealed = Buffer.allocUnsafe(headerBytes + value.byteLength);
  sealed.set(value, headerBytes);
  sealed.writeUInt8(version, 0);
  sealed.writeUInt32LE(sumOf(key, value), 1);
  return sealed;
}

/** A copy of the sealed value, or undefined if it is damaged, of another format or of another key. */
export function openValue(key: string, sealed: Uint8Array): Uint8Array | undefined {
  if (sealed.byteLength < headerBytes) return undefined;
  const header = new DataView(sealed.buffer, sealed.byteOffset, headerBytes);
  if (header.getUint8(0) !== version) return undefined;
  const value = sealed.subarray(headerBytes);
  if (header.getUint32(1, true) !== sumOf(key, value)) return undefined;
  // The parser's memory holds other replies too: a view would keep all of them, and numbers would not be aligned.
  return new Uint8Array(value);
}

function sumOf(key: string, value: Uint8Array): number {
  return crc32(value, crc32(key));
}
