import type { Tokenizer } from "@binnacle/core";

/** A chunk from a splitter, with offsets if it reports any. */
export interface Piece {
  readonly text: string;
  readonly start?: number | undefined;
  readonly end?: number | undefined;
}

/** Quality of a splitter's output, measured alike for all splitters. */
export interface Quality {
  readonly chunks: number;
  /** Largest token count, measured on the text. */
  readonly maxTokens: number;
  readonly meanTokens: number;
  /** Share of chunks whose offsets give their text. Undefined if the splitter reports no offsets. */
  readonly offsets: number | undefined;
  /** Share of chunks that occur in the source word for word. */
  readonly verbatim: number;
  /** Share of the characters other than white space that are in such a chunk. */
  readonly coverage: number;
}

/**
 * Judges pieces against their source. A piece without offsets is searched for after the start of the piece
 * before it.
 */
export function qualityOf(source: string, pieces: readonly Piece[], tokenizer: Tokenizer): Quality {
  const counts = pieces.map(({ text }) => tokenizer.count(text));
  const claimed = pieces.filter(({ start }) => start !== undefined);
  const right = claimed.filter(({ text, start, end }) => source.slice(start, end) === text);
  const covered = new Uint8Array(source.length);
  let from = 0;
  let found = 0;
  for (const { text, start } of pieces) {
    const at = start !== undefined && source.startsWith(text, start) ? start : source.indexOf(text, from);
    if (at < 0) continue;
    found += 1;
    covered.fill(1, at, at + text.length);
    from = at + 1;
  }
  let visible = 0;
  let held = 0;
  for (let i = 0; i < source.length; i++) {
    if (/\s/.test(source.charAt(i))) continue;
    visible += 1;
    held += covered[i] ?? 0;
  }
  return {
    chunks: pieces.length,
    maxTokens: Math.max(0, ...counts),
    meanTokens: counts.reduce((sum, count) => sum + count, 0) / Math.max(1, counts.length),
    offsets: claimed.length === 0 ? undefined : right.length / claimed.length,
    verbatim: found / Math.max(1, pieces.length),
    coverage: held / Math.max(1, visible),
  };
}
