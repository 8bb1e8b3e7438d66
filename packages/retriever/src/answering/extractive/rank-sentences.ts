import type { Passage, Retrieval, TermTrace } from "@binnacle/core";
import { hasTerm } from "../relevance/coverage.ts";
import { readability } from "./readability.ts";
import { questionTerms } from "../relevance/question-terms.ts";
import { sentenceRanges } from "../../text/sentence-ranges.ts";

/** A sentence of a passage. */
export interface RankedSentence {
  readonly passage: Passage;
  /** First character in the document's text, UTF-16. */
  readonly start: number;
  /** One past the last character, UTF-16. */
  readonly end: number;
  /** The document's text from `start` to `end`. */
  readonly text: string;
  /** Share, by IDF, of the question's terms that it answers for. */
  readonly score: number;
  /** How well it reads as a sentence of an answer, 0 to 1. */
  readonly readability: number;
  /** True if the sentence has one of these terms itself, and not only its passage or headings. */
  readonly hasOwnTerm: boolean;
}

/** A term that stands around a sentence, in its passage or headings, says less about it than one that it has itself. */
const nearbyWeight = 0.4;
/** Each rank leaves a passage's sentences this share of their score. Fitted, like the weight above, on `tests/evaluation`. */
const rankDecay = 0.9;
/** The mark of a list item or a quote is no part of what it says. */
const itemMark = /^(?:[-*+•>]|\d{1,3}[.)])\s+/u;

/** The sentences of all passages, best first. */
export function rankSentences(retrieval: Retrieval): readonly RankedSentence[] {
  const terms = questionTerms(retrieval);
  const total = terms.reduce((sum, { idf }) => sum + idf, 0) || 1;
  const ranked = retrieval.passages.flatMap((passage, number) =>
    sentenceRanges(passage.text).map((range): RankedSentence => {
      const text = passage.text.slice(range.start, range.end).replace(itemMark, "");
      const end = passage.start + range.end;
      const start = end - text.length;
      const shares = terms.map((term) => presence(term, number, start, end));
      const weight = terms.reduce((sum, { idf }, term) => sum + idf * (shares[term] ?? 0), 0);
      const readable = readability(text);
      const score = (weight / total) * rankDecay ** number * readable;
      return { passage, start, end, text, score, readability: readable, hasOwnTerm: shares.includes(1) };
    }),
  );
  return ranked.sort((a, b) => b.score - a.score);
}

function presence(term: TermTrace, passage: number, start: number, end: number): number {
  const inside = term.matches.some(
    (match) => match.passage === passage && match.start >= start && match.end <= end,
  );
  if (inside) return 1;
  return hasTerm(term, passage) ? nearbyWeight : 0;
}
