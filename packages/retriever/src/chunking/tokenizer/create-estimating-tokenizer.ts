import { UnsupportedError, type Tokenizer } from "@binnacle/core";
import { BLANK, LETTER, MARK, NUMBER, createClassAt, type ClassAt } from "./character-classes.ts";
import { characterAt, isPair } from "./utf8.ts";

/** Scripts in which a character is about one token. */
const ideographic = /[\p{sc=Han}\p{sc=Hiragana}\p{sc=Katakana}\p{sc=Hangul}\p{sc=Thai}]/u;

// Characters per token, fitted to o200k_base on README and CHANGELOG files, JavaScript and Wikipedia prose.
const LATIN_UNITS = 6;
const OTHER_LETTER_UNITS = 3;
const DIGITS = 3;
const SYMBOLS = 2;
const BLANKS = 16;

/** A kind of characters that share a token, and the number of them in one token. */
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
 * Creates a tokenizer that estimates token counts for any model without a vocabulary. Each kind of character
 * has a fixed number of characters per token. It has no token ids, so `encode` throws an `UnsupportedError`.
 * A model's real count can exceed a limit that the estimate keeps.
 */
export function createEstimatingTokenizer(): Tokenizer {
  const classAt = createClassAt();
  // Most characters are ASCII, and each of them has one kind.
  const ascii = Array.from({ length: 128 }, (_, code) => kindOf(classAt, String.fromCharCode(code), 0));
  const visit = (text: string, end: (position: number) => void): void => {
    let held: Kind | undefined;
    let taken = 0;
    for (let index = 0; index < text.length;) {
      const known = ascii[text.charCodeAt(index)];
      const width = known === undefined && isPair(text, index) ? 2 : 1;
      const kind = known ?? kindOf(classAt, text, index);
      // A single space belongs to the word after it, as in byte-pair vocabularies.
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
        "createEstimatingTokenizer: the tokenizer has no vocabulary and so no token ids. Use createTokenizer for ids.",
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
