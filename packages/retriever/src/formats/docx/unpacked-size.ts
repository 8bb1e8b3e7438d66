import { inflateRaw } from "node:zlib";
import { BinnacleError } from "@binnacle/core";

/** One entry of an archive. */
interface Entry {
  readonly method: number;
  readonly packed: Uint8Array;
}

const endSignature = 0x06054b50;
const entrySignature = 0x02014b50;
const [stored, deflated] = [0, 8];
/** The end record has 22 bytes, and a comment of at most this many. */
const longestComment = 65_535;
/** A document has some dozens of parts. */
const mostEntries = 10_000;

/**
 * Unpacks every entry of a ZIP archive and counts the bytes. Rejects with code `file_too_large` once they are
 * more than `maxBytes`, so that a small file cannot fill the memory. The sizes that the archive states are not
 * trusted. Throws a plain error if the bytes are no ZIP archive.
 */
export async function unpackedSize(bytes: Uint8Array, maxBytes: number): Promise<number> {
  let total = 0;
  for (const { method, packed } of entriesOf(bytes)) {
    const left = maxBytes - total;
    total += method === stored ? packed.byteLength : await inflatedSize(packed, left);
    if (total > maxBytes) throw tooLarge(maxBytes);
  }
  return total;
}

function entriesOf(bytes: Uint8Array): readonly Entry[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const end = endRecord(view);
  const count = view.getUint16(end + 10, true);
  if (count > mostEntries) throw new Error(`the archive has ${count} entries`);
  const entries: Entry[] = [];
  for (let at = view.getUint32(end + 16, true); entries.length < count;) {
    if (view.getUint32(at, true) !== entrySignature) throw new Error("the archive's directory is damaged");
    const packedSize = view.getUint32(at + 20, true);
    const local = view.getUint32(at + 42, true);
    const start = local + 30 + view.getUint16(local + 26, true) + view.getUint16(local + 28, true);
    const method = view.getUint16(at + 10, true);
    if (method !== stored && method !== deflated) throw new Error(`compression ${method} is unknown`);
    entries.push({ method, packed: bytes.subarray(start, start + packedSize) });
    at += 46 + view.getUint16(at + 28, true) + view.getUint16(at + 30, true) + view.getUint16(at + 32, true);
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

function inflatedSize(packed: Uint8Array, left: number): Promise<number> {
  return new Promise((resolve, reject) => {
    inflateRaw(packed, { maxOutputLength: left + 1 }, (error, unpacked) => {
      if (error === null) resolve(unpacked.byteLength);
      else if ("code" in error && error.code === "ERR_BUFFER_TOO_LARGE") resolve(left + 1);
      else reject(error);
    });
  });
}

function tooLarge(maxBytes: number): BinnacleError {
  const message = `the file unpacks to more than ${maxBytes} bytes. No document is that large, so it may be an attack. Exclude it.`;
  return new BinnacleError("file_too_large", message);
}
