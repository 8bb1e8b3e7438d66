const capacity = 256;
const refreshAfter = 16;
const fewest = 20;

/** Holds the latest latencies and returns their percentiles. */
export class RecentLatencies {
  readonly #values: number[] = [];
  #next = 0;
  #sorted: readonly number[] = [];
  #added = 0;

  /** Adds a latency. The oldest of 256 is forgotten. */
  add(latencyMs: number): void {
    this.#values[this.#next] = latencyMs;
    this.#next = (this.#next + 1) % capacity;
    this.#added += 1;
  }

  /** Returns the latency that this share of the values does not exceed. Undefined for fewer than 20 values. */
  percentile(share: number): number | undefined {
    if (this.#values.length < fewest) return undefined;
    if (this.#added >= refreshAfter || this.#sorted.length === 0) {
      this.#sorted = this.#values.toSorted((a, b) => a - b);
      this.#added = 0;
    }
    return this.#sorted[Math.min(this.#sorted.length - 1, Math.floor(this.#sorted.length * share))];
  }
}
