import { hash } from "node:crypto";

/** How long a scope is: that of a SHA-256. */
export const scopeBytes = 32;
/** Between scope and text stands how the text is written: zeros, as UTF-16. */
const textStart = scopeBytes + 2;
/** Enough for the texts of chunks and queries; a longer one is written into memory of its own. */
const scratchBytes = 16 * 1024;

/**
 * Makes SHA-256 digests of texts, as base64url. A text is hashed as UTF-16, as it lies in memory: UTF-8 would take twice the
 * time to make of a text with a single character beyond Latin-1, and has one form for all lone surrogates.
 */
export class TextDigests {
  readonly #scratch = Buffer.alloc(scratchBytes);

  /** The digest of a text within a scope of `scopeBytes` bytes. Two are equal only if scope and text are, unit for unit. */
  of(scope: Uint8Array, text: string): string {
    const end = textStart + 2 * text.length;
    const bytes = end > scratchBytes ? Buffer.alloc(end) : this.#scratch;
    bytes.set(scope);
    bytes.write(text, textStart, "utf16le");
    return hash("sha256", bytes.subarray(0, end), "base64url");
  }
}
