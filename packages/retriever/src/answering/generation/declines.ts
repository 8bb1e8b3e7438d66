import { nothingAnswersThat } from "../answer.ts";
import { citedNumbers } from "../citations/citation-markers.ts";

const sentence = nothingAnswersThat.replace(/\.$/u, "");
/** Marks that models put around the required sentence: quotes, emphasis, block quotes and headings. */
const decoration = /[*_"'“”„‘’«»`>#]/gu;

/**
 * Returns true if the model says in the prompt's words that the sources do not answer. The model may add an
 * explanation. If the explanation cites a source, the text counts as an answer.
 */
export function declines(answer: string, sources: number): boolean {
  const bare = answer.replace(decoration, "").trim();
  if (!bare.startsWith(sentence)) return false;
  const rest = bare.slice(sentence.length).trimStart();
  if (!/^(?:$|[.![])/u.test(rest)) return false;
  return !/\p{L}/u.test(rest) || citedNumbers(rest, sources).valid.length === 0;
}
