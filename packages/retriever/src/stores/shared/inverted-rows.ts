import type { SparseVector, TermStatistics } from "@binnacle/core";
import { inverseDocumentFrequency } from "@binnacle/core/stores";
import { elementAt } from "@binnacle/core/kit";
import { Posting } from "./posting.ts";
import type { TopRows } from "./top-rows.ts";
import type { RowLimits } from "./vector-rows.ts";

interface ForwardRow {
  readonly terms: Uint32Array;
  /** Position of this row in the posting of each term. The posting there holds the weight. */
  readonly positions: Uint32Array;
}

/** From this number of rows on, the postings of new terms share one room. */
const MANY_ROWS = 64;
/** More rows would make the next search pause for more than some milliseconds. */
const DEFAULT_MOST_WAITING = 512;

/**
 * Sparse vectors as they were written, and the rows of each term. A row waits until something reads, so that
 * many rows enter the postings at once.
 */
export class InvertedRows {
  readonly #idf: "bm25" | "none";
  readonly #postings = new Map<number, Posting>();
  readonly #rows: (ForwardRow | undefined)[] = [];
  readonly #waiting = new Map<number, SparseVector>();
  readonly #mostWaiting: number;
  #count = 0;

  /** `mostWaiting` is the number of rows at which they enter the postings without a read. */
  constructor(idf: "bm25" | "none", mostWaiting: number = DEFAULT_MOST_WAITING) {
    this.#idf = idf;
    this.#mostWaiting = mostWaiting;
  }

  /** Writes a vector and replaces the row's old one. */
  set(row: number, { indices, values }: SparseVector): void {
    this.clear(row);
    this.#waiting.set(row, { indices: indices.slice(), values: values.slice() });
    this.#count += 1;
    if (this.#waiting.size >= this.#mostWaiting) this.#enterWaiting();
  }

  /** Frees a row for another vector. */
  clear(row: number): void {
    if (this.#waiting.delete(row)) this.#count -= 1;
    const forward = this.#rows[row];
    if (!forward) return;
    forward.terms.forEach((term, i) => this.#removeFrom(term, elementAt(forward.positions, i)));
    this.#rows[row] = undefined;
    this.#count -= 1;
  }

  /** Returns a copy of a row as it was written. */
  get(row: number): SparseVector | undefined {
    this.#enterWaiting();
    const forward = this.#rows[row];
    if (!forward) return undefined;
    const { terms, positions } = forward;
    const values = Float32Array.from(terms, (term, i) => this.#known(term).weightAt(elementAt(positions, i)));
    return { indices: terms.slice(), values };
  }

  /** Returns how common terms are, in the order of the request. */
  statistics(indices: Uint32Array): TermStatistics {
    this.#enterWaiting();
    const terms = Array.from(indices, (term) => {
      const containing = this.#postings.get(term)?.length ?? 0;
      return { idf: this.#idfOf(containing), containing };
    });
    return { points: this.#count, terms };
  }

  /** Offers every admitted row with a score above 0 and not below `minScore`. */
  scan(query: SparseVector, top: TopRows, { admits, minScore }: RowLimits): void {
    this.#enterWaiting();
    const scores = new Float64Array(this.#rows.length);
    query.indices.forEach((term, i) => {
      const posting = this.#postings.get(term);
      if (!posting) return;
      posting.addScores(scores, elementAt(query.values, i) * this.#idfOf(posting.length));
    });
    for (let row = 0; row < scores.length; row++) {
      const score = scores[row] ?? 0; // `?? 0` never applies, as in Posting
      if (score > 0 && score >= minScore && (!admits || admits(row))) top.offer(row, score);
    }
  }

  #enterWaiting(): void {
    if (this.#waiting.size === 0) return;
    const { postings, places } = this.#postingsOfWaiting();
    let entry = 0;
    for (const [row, { indices, values }] of this.#waiting) {
      const positions = new Uint32Array(indices.length);
      for (let i = 0; i < indices.length; i++, entry++)
        positions[i] = elementAt(postings, places[entry] ?? 0).add(row, values[i] ?? 0);
      this.#rows[row] = { terms: indices, positions };
    }
    this.#waiting.clear();
  }

  /**
   * Returns the posting of each term of the waiting rows, and for each entry of these rows its place among them. A
   * search after opening waits for this, so it looks up each entry's term once, and its loops count.
   */
  #postingsOfWaiting(): { readonly postings: readonly Posting[]; readonly places: Uint32Array } {
    let entries = 0;
    for (const { indices } of this.#waiting.values()) entries += indices.length;
    const places = new Uint32Array(entries);
    const placeOf = new Map<number, number>();
    const counts: number[] = [];
    let entry = 0;
    for (const { indices } of this.#waiting.values()) {
      for (let i = 0; i < indices.length; i++, entry++) {
        const term = indices[i] ?? 0;
        let place = placeOf.get(term);
        if (place === undefined) {
          place = counts.push(0) - 1;
          placeOf.set(term, place);
        }
        counts[place] = (counts[place] ?? 0) + 1;
        places[entry] = place;
      }
    }
    return { postings: this.#postingsFor(placeOf.keys(), counts), places };
  }

  /** Returns the postings of terms. If many rows enter, the new ones have the right size from the start. */
  #postingsFor(terms: Iterable<number>, counts: readonly number[]): readonly Posting[] {
    const isMany = this.#waiting.size >= MANY_ROWS;
    const asked = Array.from(terms, (term, place) => ({ term, count: elementAt(counts, place) }));
    const total = asked.reduce((sum, { term, count }) => sum + (this.#postings.has(term) ? 0 : count), 0);
    const room = isMany && { rows: new Uint32Array(total), weights: new Float32Array(total) };
    let start = 0;
    return asked.map(({ term, count }) => {
      const known = this.#postings.get(term);
      if (known) return known;
      const posting = room ? new Posting(count, room, start) : new Posting();
      start += count;
      this.#postings.set(term, posting);
      return posting;
    });
  }

  #idfOf(containing: number): number {
    return this.#idf === "bm25" ? inverseDocumentFrequency(this.#count, containing) : 1;
  }

  /** Returns the posting of a term that a row has. */
  #known(term: number): Posting {
    const posting = this.#postings.get(term);
    if (posting) return posting;
    throw new RangeError(`No row has term ${term}.`);
  }

  #removeFrom(term: number, position: number): void {
    const posting = this.#known(term);
    const moved = posting.removeAt(position);
    if (posting.length === 0) this.#postings.delete(term);
    if (moved === undefined) return;
    const forward = this.#rows[moved];
    if (forward) forward.positions[positionOf(forward.terms, term)] = position;
  }
}

/** Returns the position of `term` in an ascending list that contains it. */
function positionOf(terms: Uint32Array, term: number): number {
  let low = 0;
  let high = terms.length - 1;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (elementAt(terms, middle) < term) low = middle + 1;
    else high = middle;
  }
  return low;
}
