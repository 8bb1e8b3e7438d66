/** A word and where it is. */
export interface WordRange {
  readonly text: string;
  /** First character, UTF-16. */
  readonly start: number;
}

// Rust's `char::is_alphanumeric`, which Qdrant's word tokenizer splits by: Alphabetic or Numeric (Nd, Nl, No).
const WORD = /[\p{Alphabetic}\p{N}]+/gu;

/** The words of a text in order, as they are written: runs of letters and digits, as Qdrant's `word` tokenizer cuts them. */
export function wordRanges(text: string): readonly WordRange[] {
  return [...text.matchAll(WORD)].map(({ 0: word, index }) => ({ text: word, start: index }));
}

/** The words of a text in lower case and in order. */
export function words(text: string): readonly string[] {
  // Cut first: lower-casing looks at neighbours (a final sigma), and a word must not depend on them.
  return text.match(WORD)?.map((word) => word.toLowerCase()) ?? [];
}
