import type { Passage } from "@binnacle/core";

/** An exact range of a document that a number stands for. */
export interface Citation {
  /** From 1, best first. */
  readonly number: number;
  readonly documentId: string;
  readonly sourceId: string;
  /** First character in the document's text, UTF-16. */
  readonly start: number;
  /** One past the last character, UTF-16. */
  readonly end: number;
  /** The passage's score. */
  readonly score: number;
  /** The document's text from `start` to `end`. */
  readonly text: string;
  readonly title?: string | undefined;
  readonly uri?: string | undefined;
  readonly path: readonly string[];
}

/** A citation that an answer rests on. */
export interface AnswerCitation extends Citation {
  /**
   * How the range was attributed. `model`: its number is in the answer. `overlap`: a sentence of the answer has no number,
   * but this passage's words. `extraction`: the answer is this text. No attribution proves that the answer is true.
   */
  readonly by: "model" | "overlap" | "extraction";
}

/** A range in a document's text, UTF-16. */
export interface CitedRange {
  readonly start: number;
  readonly end: number;
}

/** Cites a range of a passage, by default the whole passage. The range must lie within the passage. */
export function citePassage(passage: Passage, number: number, range: CitedRange = passage): Citation {
  const { documentId, sourceId, score, title, uri, path } = passage;
  const { start, end } = range;
  const text = passage.text.slice(start - passage.start, end - passage.start);
  return { number, documentId, sourceId, start, end, score, text, title, uri, path };
}
