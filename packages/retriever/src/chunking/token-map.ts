import type { Tokenizer } from "@binnacle/core";

/** Where the tokens of one text lie, from a single tokenisation. Counts between two places are estimates, near enough
 * to plan by: a slice tokenised on its own may differ by a few at its edges. */
export class TokenMap {
  readonly #ends: Uint32Array;

  constructor(tokenizer: Tokenizer, text: string) {
    this.#ends = tokenizer.ends(text);
  }

  /** Tokens in the whole text. */
  get total(): number {
    return this.#ends.length;
  }

  /** Tokens that end at or before `position`. */
  before(position: number): number {
    const index = this.#search(position);
    return this.#ends[index] === position ? index + 1 : index;
  }

  /** Tokens that [start, end) touches. */
  between(start: number, end: number): number {
    if (end <= start) return 0;
    return Math.min(this.#search(end) + 1, this.total) - this.before(start);
  }

  /** Where the first `count` tokens end. */
  position(count: number): number {
    if (count <= 0) return 0;
    return this.#ends[Math.min(count, this.total) - 1] ?? 0;
  }

  /** The first token that ends at or after `position`. */
  #search(position: number): number {
    let low = 0;
    let high = this.#ends.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.#ends[middle] ?? 0) < position) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}
