import type { Tokenizer } from "@binnacle/core";
import { BytePairTokenizer } from "./tokenizer/byte-pair-tokenizer.ts";

/**
 * The positions of the tokens of one text, from a single tokenization. They serve for planning, because a
 * slice by itself may have a few more or fewer tokens at its edges. `count` is exact.
 */
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

  /** Returns the tokenizer's exact count for the slice from `start` to `end`. */
  count(start: number, end: number): number {
    return this.#count(start, end);
  }

  /** Number of tokens in the whole text. */
  get total(): number {
    return this.#ends.length;
  }

  /** Returns the number of tokens that end at or before `position`. */
  before(position: number): number {
    const index = this.#search(position);
    return this.#ends[index] === position ? index + 1 : index;
  }

  /** Returns the number of tokens that [start, end) touches. */
  between(start: number, end: number): number {
    if (end <= start) return 0;
    return Math.min(this.#search(end) + 1, this.total) - this.before(start);
  }

  /** Returns the end of the first `count` tokens. */
  position(count: number): number {
    if (count <= 0) return 0;
    return this.#ends[Math.min(count, this.total) - 1] ?? 0;
  }

  /** Returns the index of the first token that ends at or after `position`. */
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
