import { isUtf8 } from "node:buffer";
import { BinnacleError } from "@binnacle/core";
import { declaredEncoding } from "./declared-encoding.ts";

/**
 * Decodes the text of a file: UTF-8, or UTF-16 with a byte order mark. HTML and XML that is not valid UTF-8
 * is decoded as it declares. A UTF-8 byte order mark stays in the text, so that offsets agree with other
 * readers of the file. Throws a `BinnacleError` of code `binary_file` or `invalid_encoding`.
 */
export function decodeText(bytes: Uint8Array, mediaType: string): string {
  if (startsWith(bytes, 0xff, 0xfe)) return decode(bytes, "utf-16le");
  if (startsWith(bytes, 0xfe, 0xff)) return decode(bytes, "utf-16be");
  if (bytes.includes(0)) {
    const message = `the file has the name of ${mediaType}, but contains binary data. Exclude or rename it.`;
    throw new BinnacleError("binary_file", message);
  }
  const isMarked = startsWith(bytes, 0xef, 0xbb, 0xbf);
  const declared = isMarked || !declares(mediaType) ? undefined : declaredEncoding(bytes);
  // The escape sequences of ISO-2022-JP are ASCII, so such a file would pass as UTF-8.
  const isEscaped = declared === "iso-2022-jp" && bytes.includes(0x1b);
  return decode(bytes, isUtf8(bytes) && !isEscaped ? "utf-8" : (declared ?? "utf-8"));
}

/** Returns true if the first bytes of a file look like UTF-8, or like UTF-16 with a byte order mark. */
export function looksLikeText(head: Uint8Array): boolean {
  if (startsWith(head, 0xff, 0xfe) || startsWith(head, 0xfe, 0xff)) return true;
  if (head.includes(0)) return false;
  try {
    // `stream` accepts a character that the end of the head cuts in two.
    new TextDecoder("utf-8", { fatal: true }).decode(head, { stream: true });
    return true;
  } catch {
    return false;
  }
}

/** Returns true if the media type is HTML or XHTML. */
export function isHtml(mediaType: string): boolean {
  return mediaType === "text/html" || mediaType === "application/xhtml+xml";
}

function declares(mediaType: string): boolean {
  return isHtml(mediaType) || mediaType === "application/xml";
}

function decode(bytes: Uint8Array, encoding: string): string {
  try {
    return new TextDecoder(encoding, { fatal: true, ignoreBOM: encoding === "utf-8" }).decode(bytes);
  } catch (cause) {
    const message = `the file is not valid ${encoding}. Convert it to UTF-8, for example with iconv.`;
    throw new BinnacleError("invalid_encoding", message, { cause });
  }
}

function startsWith(bytes: Uint8Array, ...mark: readonly number[]): boolean {
  return mark.every((byte, index) => bytes[index] === byte);
}
