import type { Citation } from "../retrieval/format-context.ts";
import type { AnswerCitation } from "./answer.ts";
import { citedNumbers } from "./citation-markers.ts";
import { contentWords } from "./content-words.ts";
import { sentenceRanges } from "./sentence-ranges.ts";

/** What an answer rests on. */
export interface CitedAnswer {
  readonly citations: readonly AnswerCitation[];
  /** Numbers in the answer that stand for no source. */
  readonly invalidCitations: readonly number[];
}

/** Least share of a sentence's content words that a source must have to be cited for it. */
const minOverlap = 0.6;
/** Sentences with fewer distinct content words are too short to tell where they come from. */
const minWords = 3;

/**
 * Checks the `[n]` markers of an answer against its sources, and attributes each sentence without one to the source that
 * has most of its content words, where that is at least 60 % of them and at least three. The same answer and sources
 * always yield the same citations.
 */
export function citeAnswer(answer: string, sources: readonly Citation[]): CitedAnswer {
  const { valid, invalid } = citedNumbers(answer, sources.length);
  const sentences = sentenceRanges(answer).map(({ start, end }) => answer.slice(start, end));
  const unmarked = sentences.filter((sentence) => citedNumbers(sentence, sources.length).valid.length === 0);
  const overlapping = unmarked.flatMap((sentence) => sourceOf(sentence, sources) ?? []);
  const citations = sources.flatMap((source): AnswerCitation[] => {
    if (valid.includes(source.number)) return [{ ...source, by: "model" }];
    return overlapping.includes(source.number) ? [{ ...source, by: "overlap" }] : [];
  });
  return { citations, invalidCitations: invalid };
}

/** The number of the source that has most of a sentence's words; of equals, the first. */
function sourceOf(sentence: string, sources: readonly Citation[]): number | undefined {
  const words = new Set(contentWords(sentence).map(({ stem }) => stem));
  if (words.size < minWords) return undefined;
  let best: { readonly number: number; readonly share: number } | undefined;
  for (const { number, text } of sources) {
    const known = new Set(contentWords(text).map(({ stem }) => stem));
    const share = [...words].filter((stem) => known.has(stem)).length / words.size;
    if (share >= minOverlap && share > (best?.share ?? 0)) best = { number, share };
  }
  return best?.number;
}
