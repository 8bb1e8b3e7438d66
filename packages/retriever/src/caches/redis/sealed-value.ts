import { crc32 } from "node:zlib";

/**
 * How a value lies in Redis: format version (u8), CRC-32 of the value that starts from a hash of the key (u32,
 * little-endian), the value. So a value that was copied under another key is noticed like a damaged value.
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
  sealed.writeUInt32LE(crc32(value, hashOf(key)), 1);
  return sealed;
}

/** The value within its seal, or undefined if it is damaged, of another format or of another key. */
export function openValue(key: string, sealed: Buffer): Uint8Array | undefined {
  if (sealed.byteLength < headerBytes || sealed[0] !== version) return undefined;
  const value = sealed.subarray(headerBytes);
  return sealed.readUInt32LE(1) === crc32(value, hashOf(key)) ? value : undefined;
}

/** FNV-1a over the key's UTF-16 units: of a short text it takes less time than a native call. */
function hashOf(key: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < key.length; i++) hash = Math.imul(hash ^ key.charCodeAt(i), 0x01000193);
  return hash >>> 0;
}
