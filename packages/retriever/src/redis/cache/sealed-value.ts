import { crc32 } from "node:zlib";
import type { ValueCopies } from "./value-copies.ts";

/**
 * The size of a stored value's header: format version (u8) and checksum (u32, little-endian). The value
 * follows. The checksum is a CRC-32 of the key in UTF-8 and the value, so it also detects a value under another
 * key.
 */
const headerBytes = 5;
const version = 1;

/** Bytes that a seal adds to a value. */
export const sealBytes: number = headerBytes;

/** Adds the header to a value, in new memory. */
export function sealValue(key: string, value: Uint8Array): Buffer {
  const sealed = Buffer.allocUnsafe(headerBytes + value.byteLength);
  sealed.set(value, headerBytes);
  sealed.writeUInt8(version, 0);
  sealed.writeUInt32LE(crc32(value, crc32(key)), 1);
  return sealed;
}

/**
 * Returns a copy of the value without its header. Undefined if it is damaged, of another format or of another
 * key.
 */
export function openValue(key: string, sealed: Buffer, copies: ValueCopies): Uint8Array | undefined {
  if (sealed.byteLength < headerBytes || sealed[0] !== version) return undefined;
  const value = copies.of(sealed, headerBytes);
  return sealed.readUInt32LE(1) === crc32(value, crc32(key)) ? value : undefined;
}
