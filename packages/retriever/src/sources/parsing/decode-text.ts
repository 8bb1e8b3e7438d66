import { isUtf8 } from "node:buffer";
import { BinnacleError } from "@binnacle/core";
import { declaredEncoding } from "./declared-encoding.ts";
import { guessEncoding, wideEncoding } from "./guess-encoding.ts";

/** Options of {@link decodeText}. */
export interface DecodeOptions {
  readonly mediaType: string;
  /** Called with code `guessed_encoding` if the encoding was found by the bytes. */
  readonly onIgnored?: ((error: BinnacleError) => void) | undefined;
}

/**
 * Decodes the text of a file: UTF-8, or UTF-16 with a byte order mark. HTML and XML that is not valid UTF-8
 * is decoded as it declares. Any other encoding is guessed by the bytes, and the guess is reported. A UTF-8
 * byte order mark stays in the text, so that offsets agree with other readers of the file. Rejects with code
 * `binary_file`, or with `invalid_encoding` if no guess is sure.
 */
export async function decodeText(
  bytes: Uint8Array,
  { mediaType, onIgnored }: DecodeOptions,
): Promise<string> {
  if (startsWith(bytes, 0xff, 0xfe)) return decode(bytes, "utf-16le");
  if (startsWith(bytes, 0xfe, 0xff)) return decode(bytes, "utf-16be");
  if (bytes.includes(0) && wideEncoding(bytes) === undefined) {
    const message = `the file has the name of ${mediaType}, but contains binary data. Exclude or rename it.`;
    throw new BinnacleError("binary_file", message);
  }
  const isMarked = startsWith(bytes, 0xef, 0xbb, 0xbf);
  const declared = isMarked || !declares(mediaType) ? undefined : declaredEncoding(bytes);
  // The escape sequences of ISO-2022-JP are ASCII, so such a file would pass as UTF-8.
  const isEscaped = bytes.includes(0x1b) && (declared === "iso-2022-jp" || looksEscaped(bytes));
  if (isUtf8(bytes) && !isEscaped && !bytes.includes(0)) return decode(bytes, "utf-8");
  if (declared !== undefined) return decode(bytes, declared);
  const guess = await guessEncoding(bytes);
  if (guess === undefined) return decode(bytes, "utf-8");
  onIgnored?.(guessed(guess.name));
  return guess.text;
}

function guessed(encoding: string): BinnacleError {
  const message = `the file is not UTF-8. It was read as ${encoding}, which its bytes suggest. Convert it to UTF-8 to be sure.`;
  return new BinnacleError("guessed_encoding", message);
}

/** Returns true if the bytes have an escape sequence that switches to Japanese, as in ISO-2022-JP. */
function looksEscaped(bytes: Uint8Array): boolean {
  const text = new TextDecoder("latin1").decode(bytes);
  return text.includes("\u001b$@") || text.includes("\u001b$B");
}

/**
 * Returns true if the first bytes of a file look like text: UTF-8, UTF-16, or another encoding without control
 * codes.
 */
export function looksLikeText(head: Uint8Array): boolean {
  if (startsWith(head, 0xff, 0xfe) || startsWith(head, 0xfe, 0xff)) return true;
  if (head.includes(0)) return wideEncoding(head.subarray(0, head.length & ~1)) !== undefined;
  try {
    // `stream` accepts a character that the end of the head cuts in two.
    new TextDecoder("utf-8", { fatal: true }).decode(head, { stream: true });
    return true;
  } catch {
    return head.length >= leastBytes && !head.some((byte) => byte < 0x20 && !textControls.has(byte));
  }
}

/** Fewer bytes that are not UTF-8 say nothing. */
const leastBytes = 32;
/** Tab, line feed, form feed, carriage return and escape. */
const textControls: ReadonlySet<number> = new Set([0x09, 0x0a, 0x0c, 0x0d, 0x1b]);

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
