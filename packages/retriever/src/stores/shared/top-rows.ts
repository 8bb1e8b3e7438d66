import type { Ranked } from "@binnacle/core/stores";

/** Returns true if row `a` comes before row `b` when their scores are equal. */
export type RowOrder = (a: number, b: number) => boolean;

/** Keeps the best `limit` of all offered rows, and needs memory only for those. It is a binary heap with
 * the worst kept row on top, so that most offers cost one comparison. Its accessors do not check the
 * index: with `elementAt`, a lexical search took twice as long. */
export class TopRows {
  readonly #limit: number;
  readonly #before: RowOrder;
  readonly #rows: number[] = [];
  readonly #scores: number[] = [];

  constructor(limit: number, before: RowOrder) {
    this.#limit = limit;
    this.#before = before;
  }

  /** A row with a lower score is not kept. */
  get least(): number {
    return this.#rows.length < this.#limit ? -Infinity : this.#scoreAt(0);
  }

  /** Offers a row. */
  offer(row: number, score: number): void {
    if (this.#rows.length < this.#limit) {
      this.#rows.push(row);
      this.#scores.push(score);
      this.#siftUp(this.#rows.length - 1);
      return;
    }
    const worst = this.#scoreAt(0);
    if (score < worst || (score === worst && !this.#before(row, this.#rowAt(0)))) return;
    this.#put(0, row, score);
    this.#siftDown();
  }

  /** Returns the kept rows, best first. */
  ranked(): readonly Ranked<number>[] {
    const ranked = this.#rows.map((key, i) => ({ key, score: this.#scoreAt(i) }));
    return ranked.sort((a, b) => b.score - a.score || (this.#before(a.key, b.key) ? -1 : 1));
  }

  #siftUp(start: number): void {
    let child = start;
    while (child > 0) {
      const parent = (child - 1) >> 1;
      if (!this.#isWorse(child, parent)) return;
      this.#swap(child, parent);
      child = parent;
    }
  }

  #siftDown(): void {
    let parent = 0;
    for (;;) {
      const left = 2 * parent + 1;
      if (left >= this.#rows.length) return;
      const right = left + 1;
      const child = right < this.#rows.length && this.#isWorse(right, left) ? right : left;
      if (!this.#isWorse(child, parent)) return;
      this.#swap(child, parent);
      parent = child;
    }
  }

  #isWorse(a: number, b: number): boolean {
    const difference = this.#scoreAt(a) - this.#scoreAt(b);
    return difference < 0 || (difference === 0 && this.#before(this.#rowAt(b), this.#rowAt(a)));
  }

  #swap(a: number, b: number): void {
    const row = this.#rowAt(a);
    const score = this.#scoreAt(a);
    this.#put(a, this.#rowAt(b), this.#scoreAt(b));
    this.#put(b, row, score);
  }

  #put(at: number, row: number, score: number): void {
    this.#rows[at] = row;
    this.#scores[at] = score;
  }

  #rowAt(at: number): number {
    return this.#rows[at] ?? -1;
  }

  #scoreAt(at: number): number {
    return this.#scores[at] ?? -Infinity;
  }
}
