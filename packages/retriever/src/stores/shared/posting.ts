import { elementAt } from "@binnacle/core/kit";

/** The rows that have one term, with its weight in each. An entry takes 8 bytes. The entries have no
 * order. */
export class Posting {
  #rows: Uint32Array = new Uint32Array(2);
  #weights: Float32Array = new Float32Array(2);
  #length = 0;

  /** Number of rows that have the term. */
  get length(): number {
    return this.#length;
  }

  /** Appends a row and returns its position. */
  add(row: number, weight: number): number {
    if (this.#length === this.#rows.length) this.#resize(this.#length * 2);
    const position = this.#length++;
    this.#rows[position] = row;
    this.#weights[position] = weight;
    return position;
  }

  /** Returns the weight of the row at `position`. */
  weightAt(position: number): number {
    return elementAt(this.#weights, position);
  }

  /** Removes the entry at `position`. Returns the row that moved there to close the gap, or undefined. */
  removeAt(position: number): number | undefined {
    const last = --this.#length;
    const moved = elementAt(this.#rows, last);
    this.#rows[position] = moved;
    this.#weights[position] = elementAt(this.#weights, last);
    if (this.#rows.length > 8 && last < this.#rows.length / 4) this.#resize(this.#rows.length / 2);
    return position === last ? undefined : moved;
  }

  /** Adds `factor` × weight to the score of each row. */
  addScores(scores: Float64Array, factor: number): void {
    const rows = this.#rows;
    const weights = this.#weights;
    // The hottest loop of a lexical search. `?? 0` never applies, and costs nothing once compiled.
    for (let i = 0; i < this.#length; i++) {
      const row = rows[i] ?? 0;
      scores[row] = (scores[row] ?? 0) + factor * (weights[i] ?? 0);
    }
  }

  #resize(capacity: number): void {
    const rows = new Uint32Array(capacity);
    const weights = new Float32Array(capacity);
    rows.set(this.#rows.subarray(0, this.#length));
    weights.set(this.#weights.subarray(0, this.#length));
    this.#rows = rows;
    this.#weights = weights;
  }
}
