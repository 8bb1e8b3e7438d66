import { elementAt } from "@binnacle/core/kit";

/** Room for the entries of many postings. A small array of its own for each would take longer to make than to
 * fill. */
export interface PostingRoom {
  readonly rows: Uint32Array;
  readonly weights: Float32Array;
}

/** The rows that have one term, with its weight in each. An entry takes 8 bytes. The entries have no
 * order. */
export class Posting {
  #rows: Uint32Array;
  #weights: Float32Array;
  /** The position of the first entry in the two arrays. */
  #start: number;
  #capacity: number;
  #length = 0;

  /** `room` has `capacity` entries for this posting from `start`. The posting leaves it when it needs more. */
  constructor(
    capacity = 2,
    room: PostingRoom = { rows: new Uint32Array(capacity), weights: new Float32Array(capacity) },
    start = 0,
  ) {
    this.#rows = room.rows;
    this.#weights = room.weights;
    this.#start = start;
    this.#capacity = capacity;
  }

  /** Number of rows that have the term. */
  get length(): number {
    return this.#length;
  }

  /** Appends a row and returns its position. */
  add(row: number, weight: number): number {
    if (this.#length === this.#capacity) this.#resize(this.#length * 2);
    const position = this.#length++;
    this.#rows[this.#start + position] = row;
    this.#weights[this.#start + position] = weight;
    return position;
  }

  /** Returns the weight of the row at `position`. */
  weightAt(position: number): number {
    return elementAt(this.#weights, this.#start + position);
  }

  /** Removes the entry at `position`. Returns the row that moved there to close the gap, or undefined. */
  removeAt(position: number): number | undefined {
    const last = --this.#length;
    const moved = elementAt(this.#rows, this.#start + last);
    this.#rows[this.#start + position] = moved;
    this.#weights[this.#start + position] = elementAt(this.#weights, this.#start + last);
    if (this.#capacity > 8 && last < this.#capacity / 4) this.#resize(this.#capacity >> 1);
    return position === last ? undefined : moved;
  }

  /** Adds `factor` × weight to the score of each row. */
  addScores(scores: Float64Array, factor: number): void {
    const rows = this.#rows;
    const weights = this.#weights;
    // The hottest loop of a lexical search. `?? 0` never applies, and costs nothing once compiled.
    const end = this.#start + this.#length;
    for (let i = this.#start; i < end; i++) {
      const row = rows[i] ?? 0;
      scores[row] = (scores[row] ?? 0) + factor * (weights[i] ?? 0);
    }
  }

  #resize(capacity: number): void {
    const rows = new Uint32Array(capacity);
    const weights = new Float32Array(capacity);
    const end = this.#start + this.#length;
    rows.set(this.#rows.subarray(this.#start, end));
    weights.set(this.#weights.subarray(this.#start, end));
    this.#rows = rows;
    this.#weights = weights;
    this.#start = 0;
    this.#capacity = capacity;
  }
}
