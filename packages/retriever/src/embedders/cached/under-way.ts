import type { SharedEmbedding } from "./shared-embedding.ts";

/** Where the outcome of an input will be. */
export interface Place {
  readonly source: SharedEmbedding;
  readonly slot: number;
}

/**
 * Which keys are being looked up or embedded now. A call's keys are entered only once another call comes before it is
 * over, which most do not see.
 */
export class UnderWay {
  readonly #places = new Map<string, Place>();
  readonly #notEntered = new Set<SharedEmbedding>();

  /** Those of the keys that somebody has under way, by their index. */
  findAll(keys: readonly string[]): ReadonlyMap<number, Place> {
    for (const source of this.#notEntered) {
      for (const [key, slot] of source.open()) this.#places.set(key, { source, slot });
    }
    this.#notEntered.clear();
    const found = new Map<number, Place>();
    if (this.#places.size === 0) return found;
    for (const [index, key] of keys.entries()) {
      const place = this.#places.get(key);
      if (place !== undefined) found.set(index, place);
    }
    return found;
  }

  /** From here on others find the keys of this call. */
  add(source: SharedEmbedding): void {
    this.#notEntered.add(source);
  }

  /** From here on nobody finds these keys of this call; another call may have them under way by now. */
  release(source: SharedEmbedding, keys: readonly string[]): void {
    if (source.isOver) this.#notEntered.delete(source);
    if (this.#places.size === 0) return;
    for (const key of keys) if (this.#places.get(key)?.source === source) this.#places.delete(key);
  }
}
