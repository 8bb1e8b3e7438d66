/** A call in a {@link FairQueue}. */
export interface QueueEntry {
  /** Calls with higher numbers run first. */
  readonly priority: number;
  /** Calls of one tenant share one turn. */
  readonly tenant: string;
  /** Estimated tokens of the call. */
  readonly cost: number;
}

interface Place<Entry> {
  readonly entry: Entry;
  /** Tokens that the tenant has used before this call, in comparison with the other tenants. */
  readonly turn: number;
}

/**
 * A queue bounded in tokens. Priorities come first. Within a priority, each tenant gets an equal share of the
 * tokens, however many calls it sends. Calls of one tenant keep their order.
 */
export class FairQueue<Entry extends QueueEntry> {
  readonly #maxCost: number;
  #places: Place<Entry>[] = [];
  #cost = 0;
  #now = 0;
  /** The turn after the tenant's last call. Emptied with the queue, so that it holds no tenant for ever. */
  readonly #nextTurn = new Map<string, number>();

  constructor(maxCost: number) {
    this.#maxCost = maxCost;
  }

  /** Number of waiting calls. */
  get size(): number {
    return this.#places.length;
  }

  /** Tokens of all waiting calls. */
  get cost(): number {
    return this.#cost;
  }

  /** Iterates over a copy of the calls in the order in which they will run. */
  [Symbol.iterator](): Iterator<Entry> {
    return this.#places.map(({ entry }) => entry)[Symbol.iterator]();
  }

  /** Adds a call in its turn. */
  add(entry: Entry): void {
    const turn = Math.max(this.#now, this.#nextTurn.get(entry.tenant) ?? 0);
    this.#nextTurn.set(entry.tenant, turn + entry.cost);
    const before = this.#places.findLastIndex(
      (place) =>
        place.entry.priority > entry.priority ||
        (place.entry.priority === entry.priority && place.turn <= turn),
    );
    this.#places.splice(before + 1, 0, { entry, turn });
    this.#cost += entry.cost;
  }

  /** Removes and returns the calls beyond the bound: the last ones of the queue. */
  shed(): readonly Entry[] {
    const refused: Entry[] = [];
    // A call that alone exceeds the bound must not push out all the others first.
    const tooLarge = this.#places.find(({ entry }) => entry.cost > this.#maxCost);
    if (tooLarge !== undefined) {
      this.remove(tooLarge.entry);
      refused.push(tooLarge.entry);
    }
    while (this.#cost > this.#maxCost) {
      const last = this.#places.at(-1);
      if (last === undefined) break;
      this.remove(last.entry);
      refused.push(last.entry);
    }
    return refused;
  }

  /** Removes a call that begins to run, so that the turn of its tenant counts as used. */
  take(entry: Entry): void {
    const place = this.#places.find((other) => other.entry === entry);
    if (place !== undefined) this.#now = Math.max(this.#now, place.turn);
    this.remove(entry);
  }

  /** Removes a call that left. Returns false if it is not in the queue. */
  remove(entry: Entry): boolean {
    const index = this.#places.findIndex((place) => place.entry === entry);
    if (index === -1) return false;
    this.#places.splice(index, 1);
    this.#cost = this.#places.length === 0 ? 0 : this.#cost - entry.cost;
    if (this.#places.length === 0) this.#nextTurn.clear();
    return true;
  }
}
