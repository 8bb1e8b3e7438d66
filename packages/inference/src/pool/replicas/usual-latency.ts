import type { Clock } from "@binnacle/core/kit";

const newShare = 0.2;
const fadeMs = 10_000;

/**
 * The usual latency of a replica: a moving average that fades while nothing is measured. Without fading, a
 * replica that was slow once would never be tried again.
 */
export class UsualLatency {
  readonly #clock: Clock;
  #averageMs: number | undefined;
  #measuredAt = 0;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Adds a measurement. */
  add(latencyMs: number): void {
    const before = this.#averageMs ?? latencyMs;
    this.#averageMs = before + (latencyMs - before) * newShare;
    this.#measuredAt = this.#clock.monotonicNow();
  }

  /** The average, or undefined before the first measurement. */
  get averageMs(): number | undefined {
    return this.#averageMs;
  }

  /** The average as a choice between replicas should see it. */
  get fadedMs(): number | undefined {
    if (this.#averageMs === undefined) return undefined;
    const idleMs = this.#clock.monotonicNow() - this.#measuredAt;
    return this.#averageMs * Math.exp(-idleMs / fadeMs);
  }
}
