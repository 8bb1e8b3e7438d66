/** A part of a text that belongs together. Chunks, overlap and context stay within it. */
export interface Section {
  /** First character, UTF-16. */
  readonly start: number;
  /** One past the last character. */
  readonly end: number;
  /** Headings from the outermost to the innermost. */
  readonly path: readonly string[];
  /**
   * The units that should not be cut, in order of start and outer before inner. They are nested or disjoint.
   */
  readonly units: readonly Unit[];
}

/** A table, a block of code or another unit that is kept whole if it fits in a chunk. */
export interface Unit {
  readonly start: number;
  readonly end: number;
  readonly reading: "prose" | "code";
  /** A table's heading rows. They are repeated in the context of a chunk that begins below them. */
  readonly header?: { readonly start: number; readonly end: number } | undefined;
}
