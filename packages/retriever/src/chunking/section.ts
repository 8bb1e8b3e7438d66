/** A stretch of a text that reads as one: cuts, overlap and context stay within it. */
export interface Section {
  /** First character, UTF-16. */
  readonly start: number;
  /** One past the last character. */
  readonly end: number;
  /** Headings from the outermost to the innermost. */
  readonly path: readonly string[];
  /** What should not be cut inside, outer before inner; nested or disjoint, in order of start. */
  readonly units: readonly Unit[];
}

/** A table, a block of code or another unit that is kept whole while it fits in a chunk. */
export interface Unit {
  readonly start: number;
  readonly end: number;
  readonly reading: "prose" | "code";
  /** A table's heading rows: repeated in the context of a chunk that begins further down. */
  readonly header?: { readonly start: number; readonly end: number } | undefined;
}
