import { englishFunctionWords } from "./function-words.ts";

/** A word and where it stands. */
export interface ContentWord {
  /** Lower case and cut to its first seven letters, so that most inflections meet. */
  readonly stem: string;
  /** As it is written. */
  readonly word: string;
  readonly start: number;
  readonly end: number;
}

const word = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}]|[\p{L}\p{M}\p{N}_]+/gu;

/** The words that carry meaning. In scripts without spaces every character counts as one. */
export function contentWords(text: string): readonly ContentWord[] {
  return [...text.matchAll(word)].flatMap(({ 0: found, index }) => {
    const lower = found.toLowerCase();
    if (englishFunctionWords.has(lower) || /^[\p{Script=Latin}]$/u.test(lower)) return [];
    return [{ stem: lower.slice(0, 7), word: found, start: index, end: index + found.length }];
  });
}
