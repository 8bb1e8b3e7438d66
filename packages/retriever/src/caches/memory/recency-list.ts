/** The links of an entry in a {@link RecencyList}. Only the list changes them. */
export interface Linked<T> {
  /** The entry that was used before this one. */
  older: T | undefined;
  /** The entry that was used after this one. */
  newer: T | undefined;
}

/**
 * Entries in the order of their last use. A `Map` keeps the order of insertion, but deleting and setting a
 * key for each use takes three times as long as moving a link.
 */
export class RecencyList<T extends Linked<T>> {
  #oldest: T | undefined;
  #newest: T | undefined;

  /** The least recently used entry. */
  get oldest(): T | undefined {
    return this.#oldest;
  }

  /** Adds a new entry as the most recently used. */
  add(entry: T): void {
    entry.older = this.#newest;
    entry.newer = undefined;
    if (this.#newest === undefined) this.#oldest = entry;
    else this.#newest.newer = entry;
    this.#newest = entry;
  }

  /** Makes an entry of the list the most recently used. */
  touch(entry: T): void {
    if (entry === this.#newest) return;
    this.remove(entry);
    this.add(entry);
  }

  remove(entry: T): void {
    if (entry.older === undefined) this.#oldest = entry.newer;
    else entry.older.newer = entry.newer;
    if (entry.newer === undefined) this.#newest = entry.older;
    else entry.newer.older = entry.older;
  }

  clear(): void {
    this.#oldest = undefined;
    this.#newest = undefined;
  }
}
