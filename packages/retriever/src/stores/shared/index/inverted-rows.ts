import type { SparseVector } from "@binnacle/core";
import { inverseDocumentFrequency } from "./inverse-document-frequency.ts";
import { Posting } from "./posting.ts";
import type { TopRows } from "./top-rows.ts";

interface ForwardRow {
  readonly vector: SparseVector;
  /** Where each term's posting holds this row. */
  readonly positions: Uint32Array;
}

/** Sparse vectors as they were written, and for each term the rows that have it. */
export class InvertedRows {
  readonly #idf: "bm25" | "none";
  readonly #postings = new Map<number, Posting>();
  readonly #rows: (ForwardRow | undefined)[] = [];
  #count = 0;

  constructor(idf: "bm25" | "none") {
    this.#idf = idf;
  }

  /** Writes a row over whatever it held. Keeps `vector`: hand over a copy. */
  set(row: number, vector: SparseVector): void {
    this.clear(row);
    const positions = new Uint32Array(vector.indices.length);
    vector.indices.forEach((term, i) => {
      const posting = this.#postings.get(term) ?? new Posting();
      this.#postings.set(term, posting);
      positions[i] = posting.add(row, vector.values[i] ?? 0);
    });
    this.#rows[row] = { vector, positions };
    this.#count += 1;
  }

  /** Frees a row for another vector. */
  clear(row: number): void {
    const forward = this.#rows[row];
    if (!forward) return;
    forward.vector.indices.forEach((term, i) => this.#removeFrom(term, forward.positions[i] ?? 0));
    this.#rows[row] = undefined;
    this.#count -= 1;
  }

  /** A copy of a row as it was written. */
  get(row: number): SparseVector | undefined {
    const vector = this.#rows[row]?.vector;
    return vector && { indices: vector.indices.slice(), values: vector.values.slice() };
  }

  /** Offers every row above 0 that shares a term, is admitted and is not below `minScore`. */
  scan(
    query: SparseVector,
    top: TopRows,
    limits: { readonly admits?: ((row: number) => boolean) | undefined; readonly minScore: number },
  ): void {
    const { admits, minScore } = limits;
    const scores = new Float64Array(this.#rows.length);
    query.indices.forEach((term, i) => {
      const posting = this.#postings.get(term);
      if (!posting) return;
      const idf = this.#idf === "bm25" ? inverseDocumentFrequency(this.#count, posting.length) : 1;
      posting.addScores(scores, (query.values[i] ?? 0) * idf);
    });
    for (let row = 0; row < scores.length; row++) {
      const score = scores[row] ?? 0;
      if (score > 0 && score >= minScore && (!admits || admits(row))) top.offer(row, score);
    }
  }

  #removeFrom(term: number, position: number): void {
    const posting = this.#postings.get(term);
    if (!posting) return;
    const moved = posting.removeAt(position);
    if (posting.length === 0) this.#postings.delete(term);
    if (moved === undefined) return;
    const forward = this.#rows[moved];
    if (forward) forward.positions[positionOf(forward.vector.indices, term)] = position;
  }
}

/** Where `term` stands in an ascending list that holds it. */
function positionOf(terms: Uint32Array, term: number): number {
  let low = 0;
  let high = terms.length - 1;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((terms[middle] ?? 0) < term) low = middle + 1;
    else high = middle;
  }
  return low;
}
