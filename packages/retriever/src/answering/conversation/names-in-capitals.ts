import { wordRanges } from "@binnacle/core/stores";
import type { ContentWord } from "../../text/content-words.ts";

/**
 * Finds words in capitals, such as "IT" or the "C" of "C++". They are names, although they may look like
 * function words. Returns an empty list for a question that is written in capitals as a whole.
 */
export function namesInCapitals(question: string): readonly ContentWord[] {
  const isShouted = !/\p{Ll}/u.test(question);
  return wordRanges(question).flatMap(({ text: word, start }) => {
    const end = start + word.length;
    const isLanguage = word.length === 1 && /[+#]/.test(question[end] ?? "");
    if (!isLanguage && (isShouted || !isName(word, question.slice(0, start)))) return [];
    return [{ stem: word.toLowerCase().slice(0, 7), word, start, end }];
  });
}

function isName(word: string, before: string): boolean {
  if (/^\p{Lu}{2,}$/u.test(word)) return true;
  // A single letter may be the pronoun "I", or a short word that begins a sentence: "E quando?".
  return /^(?!I)\p{Script=Latin}$/u.test(word) && /^\p{Lu}$/u.test(word) && !beginsSentence(before);
}

function beginsSentence(before: string): boolean {
  return /^$|[.!?¿¡:;]$/u.test(before.slice(-3).trim());
}
