/** A word and its position in a text. */
export interface WordRange {
  readonly text: string;
  /** Offset of the first character, in UTF-16 units. */
  readonly start: number;
}

// Rust's `char::is_alphanumeric`, by which Qdrant's word tokenizer splits: Alphabetic or Numeric (Nd, Nl,
// No).
const WORD = /[\p{Alphabetic}\p{N}]+/gu;

/** Returns the words of a text in order, in their original case. A word is a run of letters and digits, as in
 * Qdrant's `word` tokenizer. */
export function wordRanges(text: string): readonly WordRange[] {
  return [...text.matchAll(WORD)].map(({ 0: word, index }) => ({ text: word, start: index }));
}

/** Returns the words of a text in order, in lower case. */
export function words(text: string): readonly string[] {
  // Lower-casing depends on neighbouring characters (a final sigma), so the text is split first.
  return text.match(WORD)?.map((word) => word.toLowerCase()) ?? [];
}
