import type { Tokenizer } from "@binnacle/core";
import { BytePairTokenizer } from "./tokenizer/byte-pair-tokenizer.ts";

/** Where the tokens of one text lie, from a single tokenisation: to plan by, since a slice that is tokenised on its own
 * may have a few more or fewer at its edges, and to count slices exactly. */
export class TokenMap {
  readonly #ends: Uint32Array;
  readonly #count: (start: number, end: number) => number;

  constructor(tokenizer: Tokenizer, text: string) {
    if (tokenizer instanceof BytePairTokenizer) {
      const read = tokenizer.read(text);
      this.#ends = read.ends;
      this.#count = read.count;
      return;
    }
    this.#ends = tokenizer.ends(text);
    this.#count = (start, end) => tokenizer.count(text.slice(start, end));
  }

  /** What the tokenizer counts in the slice from `start` to `end`, exactly. */
  count(start: number, end: number): number {
    return this.#count(start, end);
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
