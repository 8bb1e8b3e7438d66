/** A call in a {@link FairQueue}. */
export interface QueueEntry {
  /** Calls with higher numbers run first. */
  readonly priority: number;
  /** Calls of one tenant share one turn. */
  readonly tenant: string;
  /** Estimated tokens of the call. */
  readonly cost: number;
  /** True: the call has already had a replica, so the bound does not refuse it. */
  readonly hasBegun: boolean;
}

interface Place<Entry> {
  readonly entry: Entry;
  /** Tokens that the tenant has used before this call, in comparison with the other tenants. */
  readonly turn: number;
  /** Position among all calls that ever came. */
  readonly arrival: number;
}

/**
 * A queue bounded in tokens. Priorities come first. Within a priority, each tenant gets an equal share of the
 * tokens, however many calls it sends. Calls of one tenant keep their order.
 */
export class FairQueue<Entry extends QueueEntry> {
  readonly #maxCost: number;
  /** Sorted, so that each step finds its place by bisection. */
  readonly #places: Place<Entry>[] = [];
  readonly #placeOf = new Map<Entry, Place<Entry>>();
  #cost = 0;
  #now = 0;
  #arrivals = 0;
  #tooLarge: Entry | undefined;
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

  /** Yields the calls in the order in which they will run. Calls may come and leave meanwhile. */
  *[Symbol.iterator](): Generator<Entry, void, void> {
    let place = this.#places[0];
    while (place !== undefined) {
      yield place.entry;
      place = this.#places[this.#countUpTo(place)];
    }
  }

  /** Adds a call in its turn. */
  add(entry: Entry): void {
    const turn = Math.max(this.#now, this.#nextTurn.get(entry.tenant) ?? 0);
    this.#nextTurn.set(entry.tenant, turn + entry.cost);
    const place = { entry, turn, arrival: this.#arrivals++ };
    this.#places.splice(this.#countUpTo(place), 0, place);
    this.#placeOf.set(entry, place);
    this.#cost += entry.cost;
    if (entry.cost > this.#maxCost && !entry.hasBegun) this.#tooLarge = entry;
  }

  /**
   * Removes and returns the calls beyond the bound: the last calls of the queue that have not begun. Call it
   * after each call that was added.
   */
  shed(): readonly Entry[] {
    const refused: Entry[] = [];
    // A call that alone exceeds the bound must not push out all the others first.
    if (this.#tooLarge !== undefined && this.remove(this.#tooLarge)) refused.push(this.#tooLarge);
    this.#tooLarge = undefined;
    for (let last = this.#places.length - 1; last >= 0 && this.#cost > this.#maxCost; last--) {
      const entry = this.#places[last]?.entry;
      if (entry === undefined || entry.hasBegun) continue;
      this.remove(entry);
      refused.push(entry);
    }
    return refused;
  }

  /** Removes a call that begins to run, so that the turn of its tenant counts as used. */
  take(entry: Entry): void {
    const place = this.#placeOf.get(entry);
    if (place !== undefined) this.#now = Math.max(this.#now, place.turn);
    this.remove(entry);
  }

  /** Removes a call that left. Returns false if it is not in the queue. */
  remove(entry: Entry): boolean {
    const place = this.#placeOf.get(entry);
    if (place === undefined) return false;
    this.#placeOf.delete(entry);
    this.#places.splice(this.#countUpTo(place) - 1, 1);
    this.#cost = this.#places.length === 0 ? 0 : this.#cost - entry.cost;
    if (this.#places.length === 0) this.#nextTurn.clear();
    return true;
  }

  /** Returns the number of places that are not after the given place. */
  #countUpTo(place: Place<Entry>): number {
    let [low, high] = [0, this.#places.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      const other = this.#places[middle];
      if (other !== undefined && compare(other, place) <= 0) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}

function compare<Entry extends QueueEntry>(one: Place<Entry>, other: Place<Entry>): number {
  return other.entry.priority - one.entry.priority || one.turn - other.turn || one.arrival - other.arrival;
}
