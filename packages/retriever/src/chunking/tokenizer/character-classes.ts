import { characterAt } from "./utf8.ts";

/** White space other than CR and LF. */
export const SPACE = 1;
/** CR or LF. */
export const NEWLINE = 2;
/** An upper or title case letter. */
export const UPPER = 4;
/** A lower case letter. */
export const LOWER = 8;
/** A letter without case, or a modifier. */
export const UNCASED = 16;
/** A combining mark. */
export const MARK = 32;
/** Any kind of number. */
export const NUMBER = 64;
/** Everything else: punctuation, symbols, controls, lone surrogates, unassigned. */
export const OTHER = 128;
/** A flag for a character that takes two UTF-16 units, added to its class. */
export const WIDE = 256;

/** `\p{L}` */
export const LETTER: number = UPPER | LOWER | UNCASED;
/** `\s` */
export const BLANK: number = SPACE | NEWLINE;
/** `[^\s\p{L}\p{N}]` */
export const SYMBOL: number = MARK | OTHER;

/**
 * Returns the class of the character at an index, with {@link WIDE} if it takes two units. 0 at or past the
 * end.
 */
export type ClassAt = (text: string, index: number) => number;

const rules: readonly (readonly [number, RegExp])[] = [
  [NEWLINE, /[\r\n]/u],
  [SPACE, /\s/u],
  [LOWER, /\p{Ll}/u],
  [UPPER, /[\p{Lu}\p{Lt}]/u],
  [UNCASED, /\p{L}/u],
  [MARK, /\p{M}/u],
  [NUMBER, /\p{N}/u],
];

function classify(codePoint: number): number {
  const character = String.fromCodePoint(codePoint);
  return rules.find(([, rule]) => rule.test(character))?.[0] ?? OTHER;
}

/** Creates a function that reads character classes from the runtime's Unicode tables and remembers them. */
export function createClassAt(): ClassAt {
  const known = new Uint8Array(0x110000); // one byte per code point, and memory pages that are never read cost nothing
  const learn = (codePoint: number): number => (known[codePoint] = classify(codePoint));
  const slowly = (text: string, index: number): number => {
    const codePoint = characterAt(text, index);
    // A high surrogate is never remembered, because its meaning depends on the next unit.
    if (codePoint >= 0xd800 && codePoint < 0xdc00) return OTHER;
    const found = known[codePoint] || learn(codePoint);
    return codePoint > 0xffff ? found | WIDE : found;
  };
  return (text, index) => {
    if (index >= text.length) return 0;
    return known[text.charCodeAt(index)] || slowly(text, index);
  };
}
