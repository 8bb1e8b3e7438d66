import type { AnswerCitation, Citation } from "./citation.ts";
import { citedNumbers, withoutCopiedMarkers } from "./citation-markers.ts";
import { contentWords } from "../../text/content-words.ts";
import { sentenceRanges } from "../../text/sentence-ranges.ts";

/** The sources that an answer rests on. */
export interface CitedAnswer {
  readonly citations: readonly AnswerCitation[];
  /** Numbers in the answer that stand for no source. */
  readonly invalidCitations: readonly number[];
}

/** Least share of a sentence's content words that a source must have to be cited for it. */
const minOverlap = 0.6;
/** Sentences with fewer distinct content words are too short to tell where they come from. */
const minWords = 3;

/** An answer, and the sources that its sentences are attributed to. */
export interface CiteInput {
  readonly question: string;
  readonly answer: string;
  readonly sources: readonly Citation[];
}

/**
 * Checks the `[n]` markers of an answer against its sources, and attributes each sentence without one to the source that
 * has most of its content words: at least 60 % of them, all of its numbers, and one word that is not the question's own.
 * Sentences of fewer than three content words are attributed to none. A marker that the answer copied from a source, words
 * before it included, is that document's own note and cites nothing. The same input always yields the same citations.
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

/** The number of the source that has most of a sentence's words; of equals, the first. */
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
