import {
  BLANK,
  LETTER,
  LOWER,
  MARK,
  NEWLINE,
  NUMBER,
  OTHER,
  SPACE,
  SYMBOL,
  UNCASED,
  UPPER,
  WIDE,
  type ClassAt,
} from "./character-classes.ts";

/** Returns the end of the piece that begins at `start`. Vocabularies merge bytes only within a piece. */
export type PieceEnd = (text: string, start: number) => number;

const SPACE_CODE = 0x20;
const APOSTROPHE = 0x27;
const SLASH = 0x2f;
const width = (found: number): number => (found & WIDE ? 2 : 1);

/**
 * Returns the end of a contraction (`'s 't 're 've 'm 'll 'd`) at `start`, or `start` if no contraction
 * begins there. A `fold` of 0x20 also accepts capitals.
 */
function contractionEnd(text: string, start: number, fold: number): number {
  if (text.charCodeAt(start) !== APOSTROPHE) return start;
  switch (text.charCodeAt(start + 1) | fold) {
    case 0x73: // s
    case 0x74: // t
    case 0x6d: // m
    case 0x64: // d
      return start + 2;
    case 0x72: // r
    case 0x76: // v
      return (text.charCodeAt(start + 2) | fold) === 0x65 ? start + 3 : start;
    case 0x6c: // l
      return (text.charCodeAt(start + 2) | fold) === 0x6c ? start + 3 : start;
    default:
      return start;
  }
}

function runEnd(classAt: ClassAt, text: string, start: number, mask: number): number {
  let end = start;
  let found = classAt(text, end);
  while (found & mask) {
    end += width(found);
    found = classAt(text, end);
  }
  return end;
}

/** Returns the end of `\p{N}{1,3}`. */
function digitsEnd(classAt: ClassAt, text: string, start: number): number {
  let end = start;
  for (let taken = 0; taken < 3; taken++) {
    const found = classAt(text, end);
    if (!(found & NUMBER)) break;
    end += width(found);
  }
  return end;
}

/** Returns the end of `[\r\n]*`, or of `[\r\n/]*` if `slash` is set. */
function lineTailEnd(text: string, start: number, slash: boolean): number {
  let end = start;
  for (; end < text.length; end++) {
    const unit = text.charCodeAt(end);
    if (unit !== 0x0a && unit !== 0x0d && !(slash && unit === SLASH)) break;
  }
  return end;
}

/** Returns the end of `\s*[\r\n]+|\s+(?!\S)|\s+`, without the first alternative if `newlines` is false. */
function blankEnd(classAt: ClassAt, text: string, start: number, newlines: boolean): number {
  let end = start;
  let afterNewline = -1;
  for (let found = classAt(text, end); found & BLANK; found = classAt(text, end)) {
    end += 1;
    if (found & NEWLINE) afterNewline = end;
  }
  if (newlines && afterNewline > 0) return afterNewline;
  return end === text.length || end === start + 1 ? end : end - 1;
}

/**
 * Returns the end of `[Lu Lt Lm Lo M]*[Ll Lm Lo M]+` from `start`, or else the negative end of
 * `[Lu Lt Lm Lo M]+`. Returns `start` if neither matches. The first alternative backtracks over capitals to
 * the last letter without case.
 */
function casedWordEnd(classAt: ClassAt, text: string, start: number): number {
  let end = start;
  let afterUncased = start;
  let found = classAt(text, end);
  while (found & (UPPER | UNCASED | MARK)) {
    end += width(found);
    if (!(found & UPPER)) afterUncased = end;
    found = classAt(text, end);
  }
  if (found & LOWER) return runEnd(classAt, text, end, LOWER | UNCASED | MARK);
  if (afterUncased > start) return afterUncased;
  return end > start ? -end : start;
}

/** Creates the split function of `o200k_base`. */
export function o200kPieceEnd(classAt: ClassAt): PieceEnd {
  return (text, start) => {
    const first = classAt(text, start);
    const after = start + width(first);
    if (first & LETTER) return contractionEnd(text, Math.abs(casedWordEnd(classAt, text, start)), 0x20);
    if (first & (SPACE | MARK | OTHER)) {
      const end = casedWordEnd(classAt, text, after);
      // A mark also counts as a letter of a word, so capitals alone do not take it as their prefix.
      if (first & MARK) return contractionEnd(text, end > after ? end : after, 0x20);
      if (end !== after) return contractionEnd(text, Math.abs(end), 0x20);
    }
    if (first & NUMBER) return digitsEnd(classAt, text, start);
    const symbols = text.charCodeAt(start) === SPACE_CODE ? after : start;
    if (classAt(text, symbols) & SYMBOL) {
      return lineTailEnd(text, runEnd(classAt, text, symbols, SYMBOL), true);
    }
    return blankEnd(classAt, text, start, true);
  };
}

/** Creates the split function of `cl100k_base`. */
export function cl100kPieceEnd(classAt: ClassAt): PieceEnd {
  return (text, start) => {
    const contraction = contractionEnd(text, start, 0x20);
    if (contraction > start) return contraction;
    const first = classAt(text, start);
    const after = start + width(first);
    if (first & LETTER) return runEnd(classAt, text, after, LETTER);
    if (first & (SPACE | MARK | OTHER) && classAt(text, after) & LETTER) {
      return runEnd(classAt, text, after, LETTER);
    }
    if (first & NUMBER) return digitsEnd(classAt, text, start);
    const symbols = text.charCodeAt(start) === SPACE_CODE ? after : start;
    if (classAt(text, symbols) & SYMBOL) {
      return lineTailEnd(text, runEnd(classAt, text, symbols, SYMBOL), false);
    }
    return blankEnd(classAt, text, start, true);
  };
}

/** Creates the split function of `r50k_base`, `p50k_base`, `p50k_edit` and `gpt2`. */
export function r50kPieceEnd(classAt: ClassAt): PieceEnd {
  return (text, start) => {
    const contraction = contractionEnd(text, start, 0);
    if (contraction > start) return contraction;
    const from = text.charCodeAt(start) === SPACE_CODE ? start + 1 : start;
    const found = classAt(text, from);
    for (const mask of [LETTER, NUMBER, SYMBOL]) {
      if (found & mask) return runEnd(classAt, text, from, mask);
    }
    return blankEnd(classAt, text, start, false);
  };
}
