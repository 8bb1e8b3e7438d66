/** Remembers how words were tokenised, in a bounded space: when either bound is reached it starts afresh. */
export class WordCache {
  readonly #entries = new Map<string, number>();
  readonly #arena: Uint32Array;
  readonly #maxKeyUnits: number;
  #used = 0;
  #keyUnits = 0;

  /** `maxBytes` bounds tokens and words together, the map's own overhead of some 50 bytes a word aside. */
  constructor(maxBytes: number) {
    this.#arena = new Uint32Array(maxBytes >> 3);
    this.#maxKeyUnits = maxBytes >> 2; // at two bytes a unit
  }

  /** Where the word's entry lies in {@link arena}: its token count, then all ids, then all ends. */
  find(word: string): number | undefined {
    return this.#entries.get(word);
  }

  /** Entries end to end. */
  get arena(): Uint32Array {
    return this.#arena;
  }

  /** Stores one word's tokens. `word` must own its characters: a slice would keep the whole text alive. */
  add(word: string, ids: Uint32Array, ends: Uint32Array): void {
    const size = 1 + ids.length * 2;
    if (this.#used + size > this.#arena.length || this.#keyUnits + word.length > this.#maxKeyUnits) {
      this.#entries.clear();
      this.#used = 0;
      this.#keyUnits = 0;
    }
    this.#entries.set(word, this.#used);
    this.#arena[this.#used] = ids.length;
    this.#arena.set(ids, this.#used + 1);
    this.#arena.set(ends, this.#used + 1 + ids.length);
    this.#used += size;
    this.#keyUnits += word.length;
  }
}
