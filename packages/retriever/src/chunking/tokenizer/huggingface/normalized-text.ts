/** The characters of a text after normalisation, each with its place in the text. */
export class NormalizedText {
  /** Code points after normalisation. */
  readonly points: readonly string[];
  /** Offset in the text after each code point, in UTF-16 units. */
  readonly ends: readonly number[];
  readonly length: number;

  /**
   * Normalises each character with its combining marks by itself, because a normaliser reports no offsets.
   * `normalize` is the model's own.
   */
  constructor(text: string, normalize: (piece: string) => string) {
    const known = new Map<string, string>();
    const cached = (piece: string): string => {
      let normalized = known.get(piece);
      if (normalized === undefined) known.set(piece, (normalized = normalize(piece.toWellFormed())));
      return normalized;
    };
    const points: string[] = [];
    const ends: number[] = [];
    for (const { 0: piece, index } of text.matchAll(/\P{M}\p{M}*|\p{M}+/gsu)) {
      const normalized = cached(piece);
      for (const point of normalized) {
        points.push(point);
        ends.push(index + piece.length);
      }
    }
    this.points = points;
    this.ends = ends;
    this.length = text.length;
  }
}
