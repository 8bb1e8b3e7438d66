import { crc32, inflateRaw } from "node:zlib";
import { BinnacleError } from "@binnacle/core";

/** One file of an archive. */
export interface ZipEntry {
  readonly name: string;
  readonly content: Uint8Array;
}

/** One entry as the archive holds it. */
interface PackedEntry {
  readonly name: string;
  readonly method: number;
  readonly packed: Uint8Array;
}

const endSignature = 0x06054b50;
const entrySignature = 0x02014b50;
const localSignature = 0x04034b50;
const [stored, deflated] = [0, 8];
/** The flag for names in UTF-8. */
const utf8Names = 0x800;
/** The end record has 22 bytes, and a comment of at most this many. */
const longestComment = 65_535;
/** A document has some dozens of parts. */
const mostEntries = 10_000;

/**
 * Unpacks every entry of a ZIP archive. Rejects with code `file_too_large` once they are more than `maxBytes`, so
 * that a small file cannot fill the memory. The sizes that the archive states are not trusted. Throws a plain
 * error if the bytes are no ZIP archive.
 */
export async function unzip(bytes: Uint8Array, maxBytes: number): Promise<readonly ZipEntry[]> {
  const entries: ZipEntry[] = [];
  let left = maxBytes;
  for (const { name, method, packed } of entriesOf(bytes)) {
    const content = method === stored ? packed : await inflated(packed, left);
    if (content === undefined || content.byteLength > left) throw tooLarge(maxBytes);
    left -= content.byteLength;
    entries.push({ name, content });
  }
  return entries;
}

/** Writes a ZIP archive without compression. */
export function zip(entries: readonly ZipEntry[]): Uint8Array {
  const [files, directory]: [Uint8Array[], Uint8Array[]] = [[], []];
  let at = 0;
  for (const { name, content } of entries) {
    const [nameBytes, sum] = [Buffer.from(name), crc32(content)];
    // Version, flags, method, time and date, then the check sum and the sizes.
    const common = Buffer.alloc(26);
    common.writeUInt16LE(20, 0);
    common.writeUInt16LE(utf8Names, 2);
    common.writeUInt32LE(sum, 10);
    common.writeUInt32LE(content.byteLength, 14);
    common.writeUInt32LE(content.byteLength, 18);
    common.writeUInt16LE(nameBytes.length, 22);
    files.push(uint32(localSignature), common, nameBytes, content);
    const place = Buffer.alloc(14);
    place.writeUInt32LE(at, 10);
    directory.push(uint32(entrySignature), Buffer.from([20, 0]), common, place, nameBytes);
    at += 30 + nameBytes.length + content.byteLength;
  }
  const end = Buffer.alloc(18);
  end.writeUInt16LE(entries.length, 4);
  end.writeUInt16LE(entries.length, 6);
  end.writeUInt32LE(
    directory.reduce((sum, { byteLength }) => sum + byteLength, 0),
    8,
  );
  end.writeUInt32LE(at, 12);
  return Buffer.concat([...files, ...directory, uint32(endSignature), end]);
}

function uint32(value: number): Uint8Array {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(value);
  return bytes;
}

function entriesOf(bytes: Uint8Array): readonly PackedEntry[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const end = endRecord(view);
  const count = view.getUint16(end + 10, true);
  if (count > mostEntries) throw new Error(`the archive has ${count} entries`);
  const entries: PackedEntry[] = [];
  for (let at = view.getUint32(end + 16, true); entries.length < count;) {
    if (view.getUint32(at, true) !== entrySignature) throw new Error("the archive's directory is damaged");
    const packedSize = view.getUint32(at + 20, true);
    const nameSize = view.getUint16(at + 28, true);
    const local = view.getUint32(at + 42, true);
    const start = local + 30 + view.getUint16(local + 26, true) + view.getUint16(local + 28, true);
    const method = view.getUint16(at + 10, true);
    if (method !== stored && method !== deflated) throw new Error(`compression ${method} is unknown`);
    const name = Buffer.from(bytes.subarray(at + 46, at + 46 + nameSize)).toString();
    entries.push({ name, method, packed: bytes.subarray(start, start + packedSize) });
    at += 46 + nameSize + view.getUint16(at + 30, true) + view.getUint16(at + 32, true);
  }
  return entries;
}

function endRecord(view: DataView): number {
  const first = Math.max(0, view.byteLength - 22 - longestComment);
  for (let at = view.byteLength - 22; at >= first; at--) {
    if (view.getUint32(at, true) === endSignature) return at;
  }
  throw new Error("the archive's directory is missing");
}

/** Undefined if the content has more than `left` bytes. */
function inflated(packed: Uint8Array, left: number): Promise<Uint8Array | undefined> {
  return new Promise((resolve, reject) => {
    inflateRaw(packed, { maxOutputLength: left + 1 }, (error, unpacked) => {
      if (error === null) resolve(unpacked);
      else if ("code" in error && error.code === "ERR_BUFFER_TOO_LARGE") resolve(undefined);
      else reject(error);
    });
  });
}

function tooLarge(maxBytes: number): BinnacleError {
  const message = `the file unpacks to more than ${maxBytes} bytes. No document is that large, so it may be an attack. Exclude it.`;
  return new BinnacleError("file_too_large", message);
}
