/** Remembers the tokens of words in bounded memory. It clears itself when a bound is reached. */
export class WordCache {
  readonly #entries = new Map<string, number>();
  readonly #arena: Uint32Array;
  readonly #maxKeyUnits: number;
  #used = 0;
  #keyUnits = 0;

  /** `maxBytes` limits tokens and words together, without the map's overhead of about 50 bytes per word. */
  constructor(maxBytes: number) {
    this.#arena = new Uint32Array(maxBytes >> 3);
    this.#maxKeyUnits = maxBytes >> 2; // a unit takes two bytes
  }

  /** Returns the index of the word's entry in {@link arena}: its token count, then all ids, then all ends. */
  find(word: string): number | undefined {
    return this.#entries.get(word);
  }

  /** The array that contains all entries. */
  get arena(): Uint32Array {
    return this.#arena;
  }

  /** Stores the tokens of a word. `word` must not be a slice, because a slice keeps the whole text alive. */
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
