import { once } from "@binnacle/core/kit";
import { wordRanges, type WordRange } from "@binnacle/core/stores";
import { englishFunctionWords } from "./function-words.ts";
import { unspacedScripts } from "./unspaced-scripts.ts";

/** A word that carries meaning, and its range in the text. */
export interface ContentWord {
  /** The word in lower case, cut to seven UTF-16 units, so that most inflections share a stem. */
  readonly stem: string;
  /** The word as the text spells it. */
  readonly word: string;
  /** First character, UTF-16. */
  readonly start: number;
  /** One past the last character, UTF-16. */
  readonly end: number;
}

const wordOrCharacter = once(() => new RegExp(`[${unspacedScripts}]|[^${unspacedScripts}]+`, "gu"));

/**
 * Finds the words that carry meaning, without English function words. In scripts without spaces every
 * character counts as one word.
 */
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
  return [...text.matchAll(wordOrCharacter())].map(({ 0: part, index }) => ({
    text: part,
    start: start + index,
  }));
}
