import type { SourceChange, UpsertChange, RemoveChange, UnreadableChange } from "@binnacle/core";

/** A change of one object. */
export type ObjectChange = UpsertChange | RemoveChange | UnreadableChange;

/** A change of the scope itself. */
export type ScopeMarker = Exclude<SourceChange, ObjectChange>;

interface Entry {
  readonly change: SourceChange;
  readonly bytes: number;
  /** The listing that was open when the change came in. */
  readonly listing: number;
}

// A pending change holds an id, a version and a closure over keys.
const entryBytes = 400;

/**
 * The pending changes of one scope, in order. The latest state of an object replaces the older state in its
 * place. So a busy object does not grow the queue, and it does not wait for ever.
 */
export class ScopeQueue {
  readonly #entries: Map<string, Entry> = new Map();
  readonly #later: Map<string, ScopeMarker> = new Map();
  #listing = 0;
  #markers = 0;
  #bytes = 0;

  /** Estimated size of the pending changes and of the documents that are kept for them. */
  get bytes(): number {
    return this.#bytes;
  }

  get isEmpty(): boolean {
    return this.#entries.size === 0;
  }

  /** Adds a change of an object, or replaces the object's pending change. `keptBytes` is the size of what is kept for
   * the change. */
  put(change: ObjectChange, keptBytes = 0): void {
    const key = `o${change.documentId}`;
    const pending = this.#entries.get(key);
    // A listing must show all of its objects after its start.
    if (pending !== undefined && pending.listing !== this.#listing) this.#drop(key);
    this.#append(key, change, keptBytes);
  }

  /** Adds the start or the end of a listing. Changes on its two sides are never joined. */
  mark(change: ScopeMarker): void {
    if (change.type === "listing" && change.state === "started") this.#startListing();
    // An older statement that the scope is current must not come after this one.
    if (change.type === "degraded") this.#drop("scurrent");
    this.#append(`m${(this.#markers += 1)}`, change);
  }

  /**
   * Adds a statement of which only the latest counts, such as a checkpoint. A pending statement of its type
   * keeps its place and its value, because the newer one covers changes that come after it.
   */
  state(change: ScopeMarker): void {
    const key = `s${change.type}`;
    if (this.#entries.has(key)) this.#later.set(key, change);
    else this.#append(key, change);
  }

  /** Removes and returns the oldest change. */
  take(): SourceChange | undefined {
    for (const [key, { change }] of this.#entries) {
      const later = this.#later.get(key);
      this.#drop(key);
      if (later !== undefined) this.#append(key, later);
      return change;
    }
    return undefined;
  }

  /** A pending object moves into the listing if it is shown there. Then no statement before the listing covers it. */
  #startListing(): void {
    this.#listing += 1;
    this.#drop("scheckpoint");
    this.#drop("scurrent");
  }

  #drop(key: string): void {
    this.#bytes -= this.#entries.get(key)?.bytes ?? 0;
    this.#entries.delete(key);
    this.#later.delete(key);
  }

  #append(key: string, change: SourceChange, keptBytes = 0): void {
    const bytes = entryBytes + keptBytes;
    this.#bytes += bytes - (this.#entries.get(key)?.bytes ?? 0);
    this.#entries.set(key, { change, bytes, listing: this.#listing });
  }
}
