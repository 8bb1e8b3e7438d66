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

/** Sparse vectors as they were written, and the rows of each term. */
export class InvertedRows {
  readonly #idf: "bm25" | "none";
  readonly #postings = new Map<number, Posting>();
  readonly #rows: (ForwardRow | undefined)[] = [];
  #count = 0;

  constructor(idf: "bm25" | "none") {
    this.#idf = idf;
  }

  /** Writes a vector and replaces the row's old one. */
  set(row: number, { indices, values }: SparseVector): void {
    this.clear(row);
    const positions = indices.map((term, i) => this.#posting(term).add(row, elementAt(values, i)));
    this.#rows[row] = { terms: indices.slice(), positions };
    this.#count += 1;
  }

  /** Frees a row for another vector. */
  clear(row: number): void {
    const forward = this.#rows[row];
    if (!forward) return;
    forward.terms.forEach((term, i) => this.#removeFrom(term, elementAt(forward.positions, i)));
    this.#rows[row] = undefined;
    this.#count -= 1;
  }

  /** Returns a copy of a row as it was written. */
  get(row: number): SparseVector | undefined {
    const forward = this.#rows[row];
    if (!forward) return undefined;
    const { terms, positions } = forward;
    const values = Float32Array.from(terms, (term, i) => this.#known(term).weightAt(elementAt(positions, i)));
    return { indices: terms.slice(), values };
  }

  /** Returns how common terms are, in the order of the request. */
  statistics(indices: Uint32Array): TermStatistics {
    const terms = Array.from(indices, (term) => {
      const containing = this.#postings.get(term)?.length ?? 0;
      return { idf: this.#idfOf(containing), containing };
    });
    return { points: this.#count, terms };
  }

  /** Offers every admitted row with a score above 0 and not below `minScore`. */
  scan(query: SparseVector, top: TopRows, { admits, minScore }: RowLimits): void {
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

  #idfOf(containing: number): number {
    return this.#idf === "bm25" ? inverseDocumentFrequency(this.#count, containing) : 1;
  }

  #posting(term: number): Posting {
    const known = this.#postings.get(term);
    if (known) return known;
    const posting = new Posting();
    this.#postings.set(term, posting);
    return posting;
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
