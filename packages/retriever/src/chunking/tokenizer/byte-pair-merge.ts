import type { Vocabulary } from "./vocabulary.ts";

/**
 * The longest piece for which the plain loop is faster than the heap, measured on English and Chinese text.
 */
const PLAIN_BYTES = 48;
const NO_RANK = 0xffffffff;
const POSITIONS = 2 ** 32;

/**
 * Merges the first `length` bytes into tokens. The pair with the lowest rank is merged first, and the
 * leftmost of equal pairs. Writes the end of each token to `ends` and returns the number of tokens. Takes at
 * most n log n time.
 */
export function mergeBytePairs(
  vocabulary: Vocabulary,
  bytes: Uint8Array,
  length: number,
  ends: Uint32Array,
): number {
  return length <= PLAIN_BYTES
    ? mergeShort(vocabulary, bytes, length, ends)
    : mergeLong(vocabulary, bytes, length, ends);
}

function pairRank(vocabulary: Vocabulary, bytes: Uint8Array, start: number, end: number): number {
  const rank = vocabulary.rank(bytes, start, end);
  return rank < 0 ? NO_RANK : rank;
}

function mergeShort(vocabulary: Vocabulary, bytes: Uint8Array, length: number, ends: Uint32Array): number {
  const ranks: number[] = []; // ranks[i] is the rank of the token that ends at ends[i] joined with the next token
  for (let i = 0; i < length; i++) {
    ends[i] = i + 1;
    ranks.push(i + 1 < length ? pairRank(vocabulary, bytes, i, i + 2) : NO_RANK);
  }
  for (let count = length; ; count--) {
    let best = 0;
    for (let i = 1; i < count; i++) if ((ranks[i] ?? NO_RANK) < (ranks[best] ?? NO_RANK)) best = i;
    if ((ranks[best] ?? NO_RANK) === NO_RANK) return count;
    ends.copyWithin(best, best + 1, count);
    ranks.splice(best, 1);
    const start = best > 0 ? (ends[best - 1] ?? 0) : 0;
    const end = ends[best] ?? 0;
    ranks[best] = best + 2 < count ? pairRank(vocabulary, bytes, start, ends[best + 1] ?? 0) : NO_RANK;
    if (best > 0) {
      const before = best > 1 ? (ends[best - 2] ?? 0) : 0;
      ranks[best - 1] = pairRank(vocabulary, bytes, before, end);
    }
  }
}

/**
 * Merges with a linked list of tokens and a heap of pairs. A pair whose rank has changed since it was pushed
 * is skipped.
 */
function mergeLong(vocabulary: Vocabulary, bytes: Uint8Array, length: number, ends: Uint32Array): number {
  const next = new Uint32Array(length + 1); // the end of the token that starts here
  const previous = new Int32Array(length + 1); // the start of the token before the token that starts here
  const ranks = new Uint32Array(length + 1).fill(NO_RANK); // the rank of the pair whose left token starts here
  const heap = new PairHeap(length);
  for (let i = 0; i < length; i++) {
    next[i] = i + 1;
    previous[i] = i - 1;
  }
  const push = (start: number): void => {
    const middle = next[start] ?? length;
    const rank = middle < length ? pairRank(vocabulary, bytes, start, next[middle] ?? length) : NO_RANK;
    ranks[start] = rank;
    if (rank !== NO_RANK) heap.push(rank * POSITIONS + start);
  };
  for (let i = 0; i < length; i++) push(i);
  for (let key = heap.pop(); key !== undefined; key = heap.pop()) {
    const start = key % POSITIONS;
    if (ranks[start] !== (key - start) / POSITIONS) continue;
    const middle = next[start] ?? length;
    const end = next[middle] ?? length;
    ranks[middle] = NO_RANK;
    next[start] = end;
    if (end < length) previous[end] = start;
    push(start);
    const before = previous[start] ?? -1;
    if (before >= 0) push(before);
  }
  let count = 0;
  for (let i = 0; i < length; i = next[i] ?? length) ends[count++] = next[i] ?? length;
  return count;
}

/** A binary heap of pair keys, smallest first. */
class PairHeap {
  #keys: Float64Array;
  #size = 0;

  constructor(capacity: number) {
    this.#keys = new Float64Array(capacity);
  }

  push(key: number): void {
    if (this.#size === this.#keys.length) {
      const larger = new Float64Array(this.#size * 2);
      larger.set(this.#keys);
      this.#keys = larger;
    }
    const keys = this.#keys;
    let at = this.#size++;
    while (at > 0) {
      const parent = (at - 1) >> 1;
      const above = keys[parent] ?? 0;
      if (above <= key) break;
      keys[at] = above;
      at = parent;
    }
    keys[at] = key;
  }

  pop(): number | undefined {
    if (this.#size === 0) return undefined;
    const keys = this.#keys;
    const top = keys[0];
    const key = keys[--this.#size] ?? 0;
    const size = this.#size;
    let at = 0;
    for (let child = 1; child < size; child = 2 * at + 1) {
      if (child + 1 < size && (keys[child + 1] ?? 0) < (keys[child] ?? 0)) child += 1;
      const below = keys[child] ?? 0;
      if (key <= below) break;
      keys[at] = below;
      at = child;
    }
    keys[at] = key;
    return top;
  }
}
