import { BLANK, MARK, UNCASED, UPPER, type ClassAt } from "./character-classes.ts";
import type { PieceEnd } from "./split-pieces.ts";
import { isPair } from "./utf8.ts";

/** A text that was tokenized once, so that its slices can be counted. */
export interface ReadText {
  /** The ends of the text's tokens, as `Tokenizer.ends` returns them. */
  readonly ends: Uint32Array;
  /**
   * Returns the exact result of `Tokenizer.count` for the slice. It tokenizes only the slice's edges again.
   */
  count(start: number, end: number): number;
}

/** The pieces of a text, and the functions that split its edges again. */
export interface ReadParts {
  readonly text: string;
  readonly ends: Uint32Array;
  /** The end of each piece. */
  readonly pieceEnds: Uint32Array;
  /** The number of tokens up to the end of each piece. */
  readonly pieceTokens: Uint32Array;
  readonly pieceEnd: PieceEnd;
  readonly classAt: ClassAt;
  /** Counts the tokens of one piece. */
  readonly countPiece: (text: string, start: number, end: number) => number;
  /** Counts the tokens of a whole text. */
  readonly count: (text: string) => number;
}

/**
 * Creates a counter of slices. A piece depends only on the text from its start on. A slice therefore has the
 * same pieces as the text from the first common boundary on. Near its end a slice may have other pieces, from
 * the index that {@link settledUntil} returns.
 */
export function readText(parts: ReadParts): ReadText {
  const { text, pieceEnds, pieceTokens, pieceEnd, countPiece, count } = parts;
  return {
    ends: parts.ends,
    count: (start, end) => {
      // Half of a surrogate pair is another character than the whole pair.
      if (isPair(text, end - 1)) return count(text.slice(start, end));
      const settled = settledUntil(parts.classAt, text, start, end);
      let tokens = 0;
      let at = start;
      let piece = firstEndingFrom(pieceEnds, at);
      while (at > 0 && pieceEnds[piece] !== at) {
        // The slice lies within one piece, which may be very long, and splitting further would read all of
        // it.
        if ((pieceEnds[piece] ?? end) >= end) return tokens + count(text.slice(at, end));
        const next = pieceEnd(text, at);
        if (next > settled || next >= end) return tokens + count(text.slice(at, end));
        tokens += countPiece(text, at, next);
        at = next;
        while ((pieceEnds[piece] ?? at) < at) piece += 1;
      }
      const last = lastEndingWithin(pieceEnds, Math.min(settled, end - 1));
      const before = at > 0 ? (pieceTokens[piece] ?? 0) : 0;
      const lastEnd = last < 0 ? 0 : (pieceEnds[last] ?? 0);
      if (lastEnd <= at) return tokens + count(text.slice(at, end));
      return tokens + (pieceTokens[last] ?? 0) - before + count(text.slice(lastEnd, end));
    },
  };
}

/**
 * Returns the index up to which the pieces of text[start, end) equal those of the whole text. The split
 * patterns look past a piece only along a run of white space, or of letters that are not lower case. If such
 * a run reaches `end`, the index is the start of the run.
 */
function settledUntil(classAt: ClassAt, text: string, start: number, end: number): number {
  const classBefore = (index: number): number => {
    const unit = text.charCodeAt(index - 1);
    return classAt(text, (unit & 0xfc00) === 0xdc00 && index - 2 >= start ? index - 2 : index - 1);
  };
  const last = end > start ? classBefore(end) : 0;
  const run = last & BLANK ? BLANK : UPPER | UNCASED | MARK;
  let at = end;
  while (at > start && classBefore(at) & run) at -= 1;
  return at;
}

function firstEndingFrom(pieceEnds: Uint32Array, position: number): number {
  let low = 0;
  let high = pieceEnds.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((pieceEnds[middle] ?? 0) < position) low = middle + 1;
    else high = middle;
  }
  return low;
}

function lastEndingWithin(pieceEnds: Uint32Array, position: number): number {
  return firstEndingFrom(pieceEnds, position + 1) - 1;
}
