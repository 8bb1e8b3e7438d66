import { nothingAnswersThat } from "../answer.ts";
import { citedNumbers } from "../citations/citation-markers.ts";

const sentence = nothingAnswersThat.replace(/\.$/u, "");
/** The marks that models put around a sentence that they should reply: quotes, emphasis, quote and heading marks. */
const decoration = /[*_"'“”„‘’«»`>#]/gu;

/**
 * True if a model says, in the prompt's words, that the sources do not answer. The model may add an explanation. A statement
 * that cites a source is an answer after all.
 */
export function declines(answer: string, sources: number): boolean {
  const bare = answer.replace(decoration, "").trim();
  if (!bare.startsWith(sentence)) return false;
  const rest = bare.slice(sentence.length).trimStart();
  if (!/^(?:$|[.![])/u.test(rest)) return false;
  return !/\p{L}/u.test(rest) || citedNumbers(rest, sources).valid.length === 0;
}
