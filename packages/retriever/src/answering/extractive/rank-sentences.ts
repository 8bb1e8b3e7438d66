import type { Passage, Retrieval, TermTrace } from "@binnacle/core";
import { hasTerm } from "../relevance/coverage.ts";
import { questionTerms } from "../relevance/question-terms.ts";
import { answerPieces, type AnswerPiece, type PieceRange } from "./answer-pieces.ts";
import { readability } from "./readability.ts";

/** A piece of a passage, with its score. */
export interface RankedSentence {
  readonly passage: Passage;
  /** First character in the document's text, UTF-16. */
  readonly start: number;
  /** One past the last character, UTF-16. */
  readonly end: number;
  /** The document's text from `start` to `end`. */
  readonly text: string;
  /** The text for a reader, such as a row with the names of its columns. */
  readonly shown: string;
  /** True if the lines of `shown` are kept. */
  readonly isBlock: boolean;
  readonly kind: AnswerPiece["kind"];
  /**
   * The IDF-weighted share of the question's terms that the piece covers, reduced by rank and readability. 0
   * to 1.
   */
  readonly score: number;
  /** The text's {@link readability}, 0 to 1. */
  readonly readability: number;
  /** True if the piece itself contains one of the terms, or its heading contains most of them. */
  readonly hasOwnTerm: boolean;
}

/** The weight of a term that occurs in the heading of the piece's section, or in the name of a column. */
const aboveWeight = 0.75;
/** The weight of a term that occurs elsewhere in the passage or its headings. */
const nearbyWeight = 0.4;
/** The factor for each rank below the first. Fitted on `tests/evaluation`, as is the weight above. */
const rankDecay = 0.9;
/** A heading that contains this share of the question speaks for its section. */
const speaksFor = 0.6;

/** Ranks the pieces of all passages, best first. */
export function rankSentences(retrieval: Retrieval): readonly RankedSentence[] {
  const terms = questionTerms(retrieval);
  const total = terms.reduce((sum, { idf }) => sum + idf, 0) || 1;
  const share = (weights: readonly number[]): number =>
    terms.reduce((sum, { idf }, term) => sum + idf * (weights[term] ?? 0), 0) / total;
  const ranked = retrieval.passages.flatMap((passage, number) =>
    answerPieces(passage).map((piece): RankedSentence => {
      const weights = terms.map((term) => presence(term, { passage, number, piece }));
      const isAbove = weights.map((weight) => (weight >= aboveWeight ? 1 : 0));
      const readable = readabilityOf(piece);
      return {
        passage,
        start: passage.start + piece.start,
        end: passage.start + piece.end,
        text: passage.text.slice(piece.start, piece.end),
        shown: piece.shown,
        isBlock: piece.isBlock,
        kind: piece.kind,
        score: share(weights) * rankDecay ** number * readable,
        readability: readable,
        hasOwnTerm: weights.includes(1) || share(isAbove) >= speaksFor,
      };
    }),
  );
  return ranked.sort((a, b) => b.score - a.score);
}

/** A heading is no answer. Rows and code are shown so that they can be read. */
function readabilityOf({ kind, shown, isBlock }: AnswerPiece): number {
  if (kind === "heading") return 0.1;
  if (kind === "row") return 0.95;
  if (kind === "code") return 0.7;
  return readability(isBlock ? (shown.split("\n- ")[0] ?? "") : shown);
}

interface Place {
  readonly passage: Passage;
  readonly number: number;
  readonly piece: AnswerPiece;
}

function presence(term: TermTrace, { passage, number, piece }: Place): number {
  const isIn = ({ start, end }: PieceRange): boolean =>
    term.matches.some(
      (match) =>
        match.passage === number && match.start >= passage.start + start && match.end <= passage.start + end,
    );
  if (isIn(piece.kind === "code" ? piece : piece.said)) return 1;
  if (piece.above.some(isIn) || (piece.isBelowPath && term.headings.includes(number))) return aboveWeight;
  return hasTerm(term, number) ? nearbyWeight : 0;
}
