import { hash } from "node:crypto";
import { writeLatin1, writeUtf16, type DirectBuffer } from "./write-text.ts";

/** How long a scope is: that of a SHA-256. */
export const scopeBytes = 32;
/** Between scope and text stands how the text is written. */
const textStart = scopeBytes + Uint32Array.BYTES_PER_ELEMENT;
/** The same, counted in pairs of units. */
const firstPair = textStart / Uint32Array.BYTES_PER_ELEMENT;
/** Enough for the texts of chunks and queries; a longer one is written into memory of its own. */
const scratchBytes = 16 * 1024;
/** Up to here it costs more to look for characters beyond Latin-1 than to hash twice the bytes. */
const shortLength = 128;
/** The high bytes of two units of UTF-16, little-endian, as this machine reads them. */
const [highBytes = 0] = new Uint32Array(Uint8Array.of(0, 0xff, 0, 0xff).buffer);

/**
 * Makes SHA-256 digests of texts, as base64url. A text is hashed as UTF-16, as it lies in memory, because UTF-8 would take
 * twice the time to make of a text with a single character beyond Latin-1, and has one form for all lone surrogates; or,
 * where each unit fits into one byte, as Latin-1, which is half to hash.
 */
export class TextDigests {
  readonly #scratch = new Scratch(scratchBytes);

  /**
   * The digest of a text within a scope of `scopeBytes` bytes, until `of` is called again. Two digests are equal only if
   * scope and text are, unit for unit; they do not depend on how the engine keeps a text.
   */
  of(scope: Uint8Array): (text: string) => string {
    const scratch = this.#scratch;
    scratch.bytes.set(scope);
    return (text) => {
      if (textStart + 2 * text.length <= scratchBytes) return scratch.digest(text);
      const large = new Scratch(textStart + 2 * text.length);
      large.bytes.set(scope);
      return large.digest(text);
    };
  }
}

/** Memory to write a text into, behind its scope. */
class Scratch {
  readonly bytes: DirectBuffer;
  /** The same as pairs of UTF-16 units. */
  readonly #pairs: Uint32Array;
  /** Its beginnings by length, because to make one takes a tenth of the time of a digest: below 2 MB if each length occurs. */
  readonly #beginnings: Uint8Array[] = [];

  constructor(length: number) {
    this.bytes = Buffer.from(new ArrayBuffer(4 * Math.ceil(length / 4)));
    this.#pairs = new Uint32Array(this.bytes.buffer);
  }

  digest(text: string): string {
    const { bytes } = this;
    writeUtf16(bytes, text, textStart);
    const isLatin1 = text.length > shortLength && isAllLatin1(this.#pairs, text);
    if (isLatin1) writeLatin1(bytes, text, textStart);
    bytes[scopeBytes] = isLatin1 ? 1 : 2;
    return hash("sha256", this.#beginning(textStart + (isLatin1 ? 1 : 2) * text.length), "base64url");
  }

  #beginning(length: number): Uint8Array {
    return (this.#beginnings[length] ??= new Uint8Array(this.bytes.buffer, 0, length));
  }
}

/** Whether every unit of a text fits into one byte. It lies where texts begin, as UTF-16. */
function isAllLatin1(pairs: Uint32Array, text: string): boolean {
  if (text.charCodeAt(text.length - 1) > 0xff) return false;
  const to = firstPair + (text.length >> 1);
  let bits = 0;
  let i = firstPair;
  for (; i + 3 < to; i += 4) {
    bits |= (pairs[i] ?? 0) | (pairs[i + 1] ?? 0) | (pairs[i + 2] ?? 0) | (pairs[i + 3] ?? 0);
  }
  for (; i < to; i++) bits |= pairs[i] ?? 0;
  return (bits & highBytes) === 0;
}
