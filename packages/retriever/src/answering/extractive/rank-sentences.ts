import type { Passage, Retrieval, TermTrace } from "@binnacle/core";
import { hasTerm } from "../relevance/coverage.ts";
import { readability } from "./readability.ts";
import { questionTerms } from "../relevance/question-terms.ts";
import { sentenceRanges } from "../../text/sentence-ranges.ts";

/** A sentence of a passage, with its score. */
export interface RankedSentence {
  readonly passage: Passage;
  /** First character in the document's text, UTF-16. */
  readonly start: number;
  /** One past the last character, UTF-16. */
  readonly end: number;
  /** The document's text from `start` to `end`. */
  readonly text: string;
  /**
   * The IDF-weighted share of the question's terms that the sentence covers, reduced by rank and readability.
   * 0 to 1.
   */
  readonly score: number;
  /** The text's {@link readability}, 0 to 1. */
  readonly readability: number;
  /** True if the sentence itself contains one of the terms, not only its passage or headings. */
  readonly hasOwnTerm: boolean;
}

/** The weight of a term that occurs in the passage or headings but not in the sentence itself. */
const nearbyWeight = 0.4;
/** The factor for each rank below the first. Fitted on `tests/evaluation`, as is the weight above. */
const rankDecay = 0.9;
/** Matches the mark of a list item or a quote, which is no part of the sentence. */
const itemMark = /^(?:[-*+•>]|\d{1,3}[.)])\s+/u;

/** Ranks the sentences of all passages, best first. */
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
