import type { AnswerCitation, Citation } from "./citation.ts";
import { citedNumbers, withoutCopiedMarkers } from "./citation-markers.ts";
import { contentWords } from "../../text/content-words.ts";
import { sentenceRanges } from "../../text/sentence-ranges.ts";

/** The citations that an answer rests on, and the numbers in it that refer to no source. */
export interface CitedAnswer {
  readonly citations: readonly AnswerCitation[];
  /** Numbers in the answer that stand for no source. */
  readonly invalidCitations: readonly number[];
}

/** The least share of a sentence's content words that a cited source must contain. */
const minOverlap = 0.6;
/** A sentence with fewer distinct content words is too short to be attributed. */
const minWords = 3;

/** A question, its answer, and the sources that the answer was made from. */
export interface CiteInput {
  readonly question: string;
  readonly answer: string;
  readonly sources: readonly Citation[];
}

/**
 * Checks the `[n]` markers of an answer and attributes its other sentences by their words. A sentence without
 * a valid marker goes to the source that contains most of its content words, if the source qualifies:
 *
 * - It contains at least 60 % of the sentence's content words, and the sentence has at least three of them.
 * - It contains all of the sentence's numbers.
 * - It shares a word with the sentence that the question does not contain.
 *
 * A marker that the answer copied from a source together with the words before it cites nothing. The same
 * input always yields the same citations.
 */
export function citeAnswer({ question, answer: written, sources }: CiteInput): CitedAnswer {
  const answer = withoutCopiedMarkers(written, sources);
  const { valid, invalid } = citedNumbers(answer, sources.length);
  const sentences = sentenceRanges(answer).map(({ start, end }) => answer.slice(start, end));
  const unmarked = sentences.filter((sentence) => citedNumbers(sentence, sources.length).valid.length === 0);
  const asked = stemsOf(question);
  const overlapping = unmarked.flatMap((sentence) => sourceOf(stemsOf(sentence), asked, sources) ?? []);
  const citations = sources.flatMap((source): AnswerCitation[] => {
    if (valid.includes(source.number)) return [{ ...source, by: "model" }];
    return overlapping.includes(source.number) ? [{ ...source, by: "overlap" }] : [];
  });
  return { citations, invalidCitations: invalid };
}

/** Finds the number of the source that contains most of a sentence's words. The first source wins a tie. */
function sourceOf(
  words: ReadonlySet<string>,
  asked: ReadonlySet<string>,
  sources: readonly Citation[],
): number | undefined {
  if (words.size < minWords) return undefined;
  const numbers = [...words].filter((word) => /\p{N}/u.test(word));
  let best: { readonly number: number; readonly share: number } | undefined;
  for (const { number, text } of sources) {
    const known = stemsOf(text);
    const shared = [...words].filter((word) => known.has(word));
    const isNew = shared.some((word) => !asked.has(word)) && numbers.every((word) => known.has(word));
    const share = shared.length / words.size;
    if (isNew && share >= minOverlap && share > (best?.share ?? 0)) best = { number, share };
  }
  return best?.number;
}

function stemsOf(text: string): ReadonlySet<string> {
  return new Set(contentWords(text).map(({ stem }) => stem));
}
