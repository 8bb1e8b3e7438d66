import { UnsupportedError, type Tokenizer } from "@binnacle/core";
import { BLANK, LETTER, MARK, NUMBER, createClassAt, type ClassAt } from "./character-classes.ts";
import { characterAt, isPair } from "./utf8.ts";

/** Scripts whose characters are about a token each. */
const ideographic = /[\p{sc=Han}\p{sc=Hiragana}\p{sc=Katakana}\p{sc=Hangul}\p{sc=Thai}]/u;

// Characters to a token, fitted to o200k_base on README and CHANGELOG files, JavaScript and Wikipedia prose.
const LATIN_UNITS = 6;
const OTHER_LETTER_UNITS = 3;
const DIGITS = 3;
const SYMBOLS = 2;
const BLANKS = 16;

/** A group of characters that share a token, and how many a token holds. */
interface Kind {
  readonly id: number;
  readonly room: number;
}

const latin: Kind = { id: 1, room: LATIN_UNITS };
const ideograph: Kind = { id: 2, room: 1 };
const otherLetter: Kind = { id: 3, room: OTHER_LETTER_UNITS };
const digit: Kind = { id: 4, room: DIGITS };
const symbol: Kind = { id: 5, room: SYMBOLS };
const space: Kind = { id: 6, room: BLANKS };

function kindOf(classAt: ClassAt, text: string, index: number): Kind {
  const found = classAt(text, index);
  if (found & BLANK) return space;
  if (found & NUMBER) return digit;
  if (!(found & (LETTER | MARK))) return symbol;
  const unit = characterAt(text, index);
  if (unit < 0x250) return latin; // up to the end of Latin Extended-B
  return ideographic.test(String.fromCodePoint(unit)) ? ideograph : otherLetter;
}

/**
 * Guesses token counts from the scripts of a text, for any model and without a vocabulary: a fixed number of characters
 * of each kind to a token. It has no ids, so `encode` throws an `UnsupportedError`. A limit kept in its counts may be
 * exceeded in a model's own.
 */
export function createEstimatingTokenizer(): Tokenizer {
  const classAt = createClassAt();
  const visit = (text: string, end: (position: number) => void): void => {
    let held: Kind | undefined;
    let taken = 0;
    for (let index = 0; index < text.length;) {
      const width = isPair(text, index) ? 2 : 1;
      const kind = kindOf(classAt, text, index);
      // One space belongs to the word after it, as byte-pair vocabularies have it.
      const joins = held === kind ? taken < kind.room : held === space && taken === 1;
      if (held !== undefined && !joins) end(index);
      taken = joins && held === kind ? taken + 1 : 1;
      held = kind;
      index += width;
    }
    if (held !== undefined) end(text.length);
  };
  return {
    id: "estimate@1",
    count(text) {
      let count = 0;
      visit(text, () => count++);
      return count;
    },
    encode() {
      throw new UnsupportedError(
        "estimating tokenizer: it counts without a vocabulary and has no token ids; use createTokenizer for them",
        { capability: "encode" },
      );
    },
    ends(text) {
      const ends: number[] = [];
      visit(text, (position) => ends.push(position));
      return Uint32Array.from(ends);
    },
  };
}
