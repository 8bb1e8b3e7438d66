import { BLANK, MARK, UNCASED, UPPER, type ClassAt } from "./character-classes.ts";
import type { PieceEnd } from "./split-pieces.ts";
import { isPair } from "./utf8.ts";

/** A text that has been tokenised once, and whose slices are counted from that. */
export interface ReadText {
  /** As of `Tokenizer.ends`. */
  readonly ends: Uint32Array;
  /** What `Tokenizer.count` gives for the slice, exactly; cheap, since only the slice's edges are tokenised again. */
  count(start: number, end: number): number;
}

/** What a text was split to, and the means to split its edges anew. */
export interface ReadParts {
  readonly text: string;
  readonly ends: Uint32Array;
  /** Where each piece ends. */
  readonly pieceEnds: Uint32Array;
  /** Tokens up to the end of each piece. */
  readonly pieceTokens: Uint32Array;
  readonly pieceEnd: PieceEnd;
  readonly classAt: ClassAt;
  /** Tokens of one piece. */
  readonly countPiece: (text: string, start: number, end: number) => number;
  /** Tokens of a whole text. */
  readonly count: (text: string) => number;
}

/**
 * Counts slices. A piece depends only on the text from its start on, so a slice that begins where a piece does has the
 * text's own pieces, and one that begins elsewhere has them from the first common boundary on. At its end a slice may
 * differ from where {@link settledUntil} says.
 */
export function readText(parts: ReadParts): ReadText {
  const { text, pieceEnds, pieceTokens, pieceEnd, countPiece, count } = parts;
  return {
    ends: parts.ends,
    count: (start, end) => {
      // Half of a pair is another character than the whole.
      if (isPair(text, end - 1)) return count(text.slice(start, end));
      const settled = settledUntil(parts.classAt, text, start, end);
      let tokens = 0;
      let at = start;
      let piece = firstEndingFrom(pieceEnds, at);
      while (at > 0 && pieceEnds[piece] !== at) {
        // The slice lies within one piece, which may be far longer: splitting on would read all of it.
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
 * Up to where the pieces of text[start, end) are those of the whole text. To choose a piece the split patterns look past
 * it only along a run of white space, or of letters that are not lower case: where such a run reaches `end`, what comes
 * before the run is settled.
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
