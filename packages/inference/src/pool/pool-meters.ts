import type { Counter, Gauge, Histogram, Telemetry } from "@binnacle/core";

/** The measurements of a pool. */
export class PoolMeters {
  readonly #attempts: Histogram;
  readonly #waits: Histogram;
  readonly #failures: Counter;
  readonly #retries: Counter;
  readonly #hedges: Counter;
  readonly #queued: Gauge;

  constructor(telemetry: Telemetry) {
    const attributes = ["replica"];
    const items = (description: string) => ({ unit: "items", description, attributes }) as const;
    this.#attempts = telemetry.histogram("binnacle.pool.attempt.duration", {
      unit: "ms",
      description: "Duration of one attempt on a replica.",
      attributes,
    });
    this.#waits = telemetry.histogram("binnacle.pool.wait.duration", {
      unit: "ms",
      description: "Time that a call waits for a free replica.",
    });
    this.#failures = telemetry.counter("binnacle.pool.failures", items("Attempts that a replica failed."));
    this.#retries = telemetry.counter("binnacle.pool.retries", items("Attempts after a failure."));
    this.#hedges = telemetry.counter("binnacle.pool.hedges", items("Second attempts of slow calls."));
    this.#queued = telemetry.gauge("binnacle.pool.queued", {
      unit: "tokens",
      description: "Tokens of the calls that wait for a free replica.",
    });
  }

  waited(waitMs: number, queuedTokens: number): void {
    this.#waits.record(waitMs);
    this.#queued.set(queuedTokens);
  }

  ended(replica: string, durationMs: number): void {
    this.#attempts.record(durationMs, { replica });
  }

  failed(replica: string): void {
    this.#failures.add(1, { replica });
  }

  retried(replica: string): void {
    this.#retries.add(1, { replica });
  }

  hedged(replica: string): void {
    this.#hedges.add(1, { replica });
  }
}
