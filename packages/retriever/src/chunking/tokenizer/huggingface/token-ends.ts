import type { NormalizedText } from "./normalized-text.ts";

/**
 * Returns the end of each token in the text. Tokens and text are compared without blanks, because models add
 * and join blanks. Blanks before a token belong to that token, and the last token takes the rest.
 */
export function tokenEnds(
  text: NormalizedText,
  surfaces: readonly (string | Uint8Array | undefined)[],
): Uint32Array {
  const reader = new PointReader(text);
  const ends = new Uint32Array(surfaces.length);
  for (const [index, surface] of surfaces.entries()) {
    if (surface === undefined) reader.skipTo(firstPoint(surfaces[index + 1]));
    else reader.take(surface);
    ends[index] = reader.end;
  }
  if (ends.length > 0) ends[ends.length - 1] = text.length;
  return ends;
}

/** Walks over the characters of a text as its tokens use them up. */
class PointReader {
  readonly #text: NormalizedText;
  #next = 0;
  // Bytes of a character that an earlier token began.
  #openBytes = 0;

  constructor(text: NormalizedText) {
    this.#text = text;
  }

  /** Offset after the last character that is used up. */
  get end(): number {
    return this.#text.ends[this.#next - 1] ?? 0;
  }

  take(surface: string | Uint8Array): void {
    if (typeof surface !== "string") return this.#takeBytes(surface);
    for (const point of surface) {
      if (isBlank(point)) continue;
      this.#skipBlanks();
      this.#next = Math.min(this.#next + 1, this.#text.points.length);
    }
  }

  /**
   * Skips what an unknown token stands for: a sign, or the rest of a word up to the first character of the next
   * token.
   */
  skipTo(point: string | undefined): void {
    this.#skipBlanks();
    const { points } = this.#text;
    const isWord = isWordPoint(points[this.#next]);
    do this.#next += 1;
    while (isWord && isWordPoint(points[this.#next]) && points[this.#next] !== point);
    this.#next = Math.min(this.#next, points.length);
  }

  #skipBlanks(): void {
    const { points } = this.#text;
    while (this.#next < points.length && isBlank(points[this.#next] ?? "")) this.#next += 1;
  }

  /** Byte-level tokens hold their blanks, and may end within a character. */
  #takeBytes(bytes: Uint8Array): void {
    let left = bytes.length + this.#openBytes;
    for (
      let point = this.#text.points[this.#next];
      point !== undefined;
      point = this.#text.points[this.#next]
    ) {
      const width = Buffer.byteLength(point);
      if (left < width) break;
      left -= width;
      this.#next += 1;
    }
    this.#openBytes = this.#next === this.#text.points.length ? 0 : left;
  }
}

function firstPoint(surface: string | Uint8Array | undefined): string | undefined {
  return typeof surface === "string" ? /^\s*(\S)/u.exec(surface)?.[1] : undefined;
}

function isBlank(point: string): boolean {
  return /^\s$/u.test(point);
}

function isWordPoint(point: string | undefined): boolean {
  return point !== undefined && /^[\p{L}\p{N}\p{M}]$/u.test(point);
}
