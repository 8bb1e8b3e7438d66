/** Counts and locates the tokens of a text. It treats special tokens as plain text. */
export interface Tokenizer {
  /** Names the vocabulary (`o200k_base`) or the rule (`estimate`). Part of a chunker's id. */
  readonly id: string;
  /** Returns the number of tokens in `text`. The empty string has 0. */
  count(text: string): number;
  /** Returns the token ids in order. Throws `UnsupportedError` if the tokenizer has no vocabulary. */
  encode(text: string): Uint32Array;
  /**
   * Returns the end of each token as an offset in UTF-16 units. Ends never decrease, and the last end is
   * `text.length`. The end of a token within a character is rounded down to the character's start.
   */
  ends(text: string): Uint32Array;
}
