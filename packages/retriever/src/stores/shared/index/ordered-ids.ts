/** Which ids an order is about. */
export interface LiveIds {
  has(id: string): boolean;
  keys(): Iterable<string>;
}

/** New ids that are noted one by one; with more than that, and more than were sorted before, all are sorted anew. */
const MOST_NOTED = 1024;

/**
 * Ids in order, sorted only when somebody asks. Between two questions it merely notes what is new, so writing stays
 * cheap and a page after a few writes costs a merge, not a sort.
 */
export class OrderedIds {
  readonly #live: LiveIds;
  #ordered: string[] = [];
  #added: string[] | undefined = [];

  /** Looks at `live` whenever it is asked. */
  constructor(live: LiveIds) {
    this.#live = live;
  }

  /** Notes an id that was not there. */
  add(id: string): void {
    if (!this.#added) return;
    this.#added.push(id);
    if (this.#added.length > Math.max(MOST_NOTED, this.#ordered.length)) this.#added = undefined;
  }

  /** The first `limit` live ids after `after` that `accepts` lets pass. */
  page(after: string | undefined, limit: number, accepts: (id: string) => boolean): readonly string[] {
    this.#sort();
    const page: string[] = [];
    for (let i = this.#firstAfter(after); i < this.#ordered.length && page.length < limit; i++) {
      const id = this.#ordered[i];
      if (id !== undefined && this.#live.has(id) && accepts(id)) page.push(id);
    }
    return page;
  }

  #sort(): void {
    if (!this.#added) {
      this.#ordered = Array.from(this.#live.keys()).sort();
    } else if (this.#added.length > 0) {
      // An id that was removed and came back stands in both lists; sorting two sorted runs takes linear time.
      const both = [...this.#ordered, ...this.#added.sort()].sort();
      this.#ordered = both.filter((id, i) => id !== both[i - 1] && this.#live.has(id));
    }
    this.#added = [];
  }

  #firstAfter(after: string | undefined): number {
    if (after === undefined) return 0;
    let low = 0;
    let high = this.#ordered.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.#ordered[middle] ?? "") <= after) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}
