/** Counts and places the tokens of a text. Synchronous and pure; special tokens are plain text to it. */
export interface Tokenizer {
  /** Names the vocabulary (`o200k_base`) or the rule (`estimate`); part of a chunker's id. */
  readonly id: string;
  /** Tokens in `text`; 0 for the empty string. */
  count(text: string): number;
  /** Token ids in order. An estimator that has no vocabulary throws `UnsupportedError`. */
  encode(text: string): Uint32Array;
  /**
   * Where each token ends, as UTF-16 indexes, one per token, never decreasing, the last one `text.length`. A token
   * that ends inside a character is rounded down to that character's start.
   */
  ends(text: string): Uint32Array;
}
