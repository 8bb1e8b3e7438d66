import { wordRanges, type WordRange } from "@binnacle/core/stores";
import { englishFunctionWords } from "./function-words.ts";
import { unspacedScripts } from "./unspaced-scripts.ts";

/** A word that carries meaning, and where it is. */
export interface ContentWord {
  /** Lower case and cut to its first seven letters, so that most inflections meet. */
  readonly stem: string;
  /** As it is written. */
  readonly word: string;
  readonly start: number;
  readonly end: number;
}

const wordOrCharacter = new RegExp(`[${unspacedScripts}]|[^${unspacedScripts}]+`, "gu");

/** The words that carry meaning. In scripts without spaces every character counts as one word. */
export function contentWords(text: string): readonly ContentWord[] {
  return wordRanges(text)
    .flatMap(splitUnspaced)
    .flatMap(({ text: word, start }) => {
      const lower = word.toLowerCase();
      if (englishFunctionWords.has(lower) || /^[\p{Script=Latin}]$/u.test(lower)) return [];
      return [{ stem: lower.slice(0, 7), word, start, end: start + word.length }];
    });
}

function splitUnspaced({ text, start }: WordRange): readonly WordRange[] {
  return [...text.matchAll(wordOrCharacter)].map(({ 0: part, index }) => ({
    text: part,
    start: start + index,
  }));
}
