import type { Passage } from "@binnacle/core";

/** An exact range of a document, with the number that refers to it in a text. */
export interface Citation {
  /** The number in the text. Starts at 1 for the best passage. */
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
   * The way in which the range was attributed. `model`: its number is in the answer. `overlap`: a sentence of
   * the answer has no number, but contains this passage's words. `extraction`: the answer is this text. No
   * attribution proves that the answer is true.
   */
  readonly by: "model" | "overlap" | "extraction";
}

/** A range in a document's text, UTF-16. */
export interface CitedRange {
  readonly start: number;
  readonly end: number;
}

/** Creates a citation of a range within a passage. @default the whole passage */
export function citePassage(passage: Passage, number: number, range: CitedRange = passage): Citation {
  const { documentId, sourceId, score, title, uri, path } = passage;
  const { start, end } = range;
  const text = passage.text.slice(start - passage.start, end - passage.start);
  return { number, documentId, sourceId, start, end, score, text, title, uri, path };
}
