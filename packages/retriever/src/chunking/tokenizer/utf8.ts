const REPLACEMENT = 0xfffd;

/**
 * Returns the number of UTF-8 bytes of the character at `index`. It is 4 exactly if the character takes two
 * UTF-16 units.
 */
export function characterBytes(text: string, index: number): number {
  const unit = text.charCodeAt(index);
  if (unit < 0x80) return 1;
  if (unit < 0x800) return 2;
  return isPair(text, index) ? 4 : 3;
}

/** Returns true if a complete surrogate pair begins at `index`. */
export function isPair(text: string, index: number): boolean {
  if (index < 0 || index + 1 >= text.length) return false;
  return (text.charCodeAt(index) & 0xfc00) === 0xd800 && (text.charCodeAt(index + 1) & 0xfc00) === 0xdc00;
}

/**
 * Returns the code point at `index`, or the unit itself for a lone surrogate. It does not use
 * `String.prototype.codePointAt`. On Node 24.21, optimised code with that method sometimes counted slices
 * wrong that end in half a pair (`read-text.test.ts` failed in one run of three).
 */
export function characterAt(text: string, index: number): number {
  const unit = text.charCodeAt(index);
  if (!isPair(text, index)) return unit;
  return 0x10000 + ((unit & 0x3ff) << 10) + (text.charCodeAt(index + 1) & 0x3ff);
}

/**
 * Writes `text[start, end)` as UTF-8 to the front of `bytes` and returns the number of bytes, at most three
 * per unit. A lone surrogate becomes U+FFFD, as in `TextEncoder`.
 */
export function encodeUtf8(text: string, start: number, end: number, bytes: Uint8Array): number {
  let used = 0;
  for (let i = start; i < end; i++) {
    const unit = text.charCodeAt(i);
    if (unit < 0x80) {
      bytes[used++] = unit;
      continue;
    }
    if (unit < 0x800) {
      bytes[used++] = 0xc0 | (unit >> 6);
      bytes[used++] = 0x80 | (unit & 0x3f);
      continue;
    }
    if (i + 1 < end && isPair(text, i)) {
      const codePoint = characterAt(text, i++);
      bytes[used++] = 0xf0 | (codePoint >> 18);
      bytes[used++] = 0x80 | ((codePoint >> 12) & 0x3f);
      bytes[used++] = 0x80 | ((codePoint >> 6) & 0x3f);
      bytes[used++] = 0x80 | (codePoint & 0x3f);
      continue;
    }
    const whole = (unit & 0xf800) === 0xd800 ? REPLACEMENT : unit;
    bytes[used++] = 0xe0 | (whole >> 12);
    bytes[used++] = 0x80 | ((whole >> 6) & 0x3f);
    bytes[used++] = 0x80 | (whole & 0x3f);
  }
  return used;
}
