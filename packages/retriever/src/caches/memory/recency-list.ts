/** What an entry of a {@link RecencyList} carries for it. Only the list writes these. */
export interface Linked<T> {
  /** The entry that was last used before this one. */
  older: T | undefined;
  /** The entry that was used right after this one. */
  newer: T | undefined;
}

/**
 * Entries in order of use. A `Map` in order of insertion could serve, but to delete and set a key again for each use costs
 * three times as much as to move a link.
 */
export class RecencyList<T extends Linked<T>> {
  #oldest: T | undefined;
  #newest: T | undefined;

  /** The entry that was not used for the longest time. */
  get oldest(): T | undefined {
    return this.#oldest;
  }

  /** Takes a new entry in, as the one used last. */
  add(entry: T): void {
    entry.older = this.#newest;
    entry.newer = undefined;
    if (this.#newest === undefined) this.#oldest = entry;
    else this.#newest.newer = entry;
    this.#newest = entry;
  }

  /** Notes that an entry of the list was used. */
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
