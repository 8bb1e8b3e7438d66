import { adaptLimit, type AdaptiveLimit, type Clock, type EndpointStatus } from "@binnacle/core/kit";
import type { ReplicaSettings } from "../pool-options.ts";
import type { ReplicaStatus } from "../pool-status.ts";
import type { Choosable } from "./choose-replica.ts";
import { UsualLatency } from "./usual-latency.ts";

const defaultLimit = 8;
const penaltyFadesMs = 5_000;
const mostPenalty = 6;

/** The longest wait that a server may ask for. A call gives up sooner, and a replica is tried again after it. */
export const maxRetryAfterMs = 60_000;

/**
 * Milliseconds after which another replica is also asked what it can do, and a replica that has not answered yet is
 * probed. Nothing is known of any latency then.
 */
export const factsPatienceMs = 500;

/** One replica: its slots, its load and its record. */
export class Replica<Driver> implements Choosable {
  readonly settings: ReplicaSettings<Driver>;
  readonly latency: UsualLatency;
  /** Number of running calls. */
  inUse = 0;
  outstanding = 0;
  limit: number;
  isDraining = false;
  attempts = 0;
  failures = 0;
  promptTokens = 0;
  cachedTokens = 0;
  lastError: string | undefined;
  readonly #clock: Clock;
  readonly #onSlot: () => void;
  #adaptive: AdaptiveLimit;
  #pausedUntil = -Infinity;
  #hasAnswered = false;
  #askedAt: number | undefined;
  #setbacksInRow = 0;
  #setBackAt = 0;

  constructor(settings: ReplicaSettings<Driver>, clock: Clock, onSlot: () => void) {
    const { initial = defaultLimit, min, max } = settings.concurrency;
    this.settings = settings;
    this.limit = Math.min(max, Math.max(min, initial));
    this.latency = new UsualLatency(clock);
    this.#clock = clock;
    this.#onSlot = onSlot;
    this.#adaptive = adaptLimit(this, { min, max, clock });
  }

  get name(): string {
    return this.settings.name;
  }

  get weight(): number {
    return this.settings.weight;
  }

  get expectedMs(): number | undefined {
    return this.latency.fadedMs;
  }

  get hasFreeSlot(): boolean {
    return this.inUse < this.limit;
  }

  /** Doubles with each failure or loss in a row, and fades within five seconds. */
  get penalty(): number {
    const age = (this.#clock.monotonicNow() - this.#setBackAt) / penaltyFadesMs;
    return age >= 1 ? 1 : 2 ** (Math.min(this.#setbacksInRow, mostPenalty) * (1 - age));
  }

  /** Milliseconds of the wait that the server asked for. */
  get pausedMs(): number {
    return Math.max(0, this.#pausedUntil - this.#clock.monotonicNow());
  }

  /** Follows the load of the server. */
  get adaptive(): AdaptiveLimit {
    return this.#adaptive;
  }

  /** Starts again from the number of slots that the server reports. */
  startFrom(slots: number): void {
    const { min, max } = this.settings.concurrency;
    this.setLimit(Math.min(max, Math.max(min, slots)));
    this.#adaptive = adaptLimit(this, { min, max, clock: this.#clock });
  }

  setLimit(limit: number): void {
    const hasGrown = limit > this.limit;
    this.limit = limit;
    if (hasGrown) this.#onSlot();
  }

  /** Gives the replica no calls for this time, because its server asked for the wait. At most a minute. */
  pause(forMs: number): void {
    const pauseMs = Math.min(forMs, maxRetryAfterMs);
    this.#pausedUntil = Math.max(this.#pausedUntil, this.#clock.monotonicNow() + pauseMs);
  }

  /** True: it was asked, and has never answered. It gets calls only if no other replica has answered. */
  get isSilent(): boolean {
    return this.#askedAt !== undefined;
  }

  /** True: it is silent for so long that a probe should tell whether it works. */
  get isSuspect(): boolean {
    return this.#askedAt !== undefined && this.#clock.monotonicNow() - this.#askedAt >= factsPatienceMs;
  }

  succeeded(): void {
    this.#setbacksInRow = 0;
    this.answered();
  }

  /** Notes that the server was asked what it can do. */
  asked(): void {
    if (!this.#hasAnswered) this.#askedAt ??= this.#clock.monotonicNow();
  }

  /** Notes an answer of any kind. */
  answered(): void {
    this.#hasAnswered = true;
    this.unasked();
  }

  /** Notes that the question failed. */
  unasked(): void {
    const wasSilent = this.isSilent;
    this.#askedAt = undefined;
    if (wasSilent) this.#onSlot();
  }

  /** Counts an attempt that was left after more than the usual time. Its real latency remains unknown. */
  lost(): void {
    this.#setbacksInRow += 1;
    this.#setBackAt = this.#clock.monotonicNow();
  }

  failed(error: unknown): void {
    this.failures += 1;
    this.#setbacksInRow += 1;
    this.#setBackAt = this.#clock.monotonicNow();
    this.lastError = error instanceof Error ? error.message : String(error);
  }

  status(health: EndpointStatus | undefined): ReplicaStatus {
    const { name, tier, weight } = this.settings;
    const { inUse, limit, outstanding, attempts, failures, promptTokens, cachedTokens, lastError, pausedMs } =
      this;
    return {
      name,
      state: this.#state(health),
      tier,
      weight,
      inUse,
      limit,
      outstandingTokens: outstanding,
      latencyMs: this.latency.averageMs,
      leftMs: Math.max(health?.leftMs ?? 0, pausedMs),
      ejections: health?.ejections ?? 0,
      attempts,
      failures,
      promptTokens,
      cachedTokens,
      lastError,
    };
  }

  #state(health: EndpointStatus | undefined): ReplicaStatus["state"] {
    if (this.isDraining || health === undefined) return "draining";
    if (health.state !== "available") return health.state;
    return this.pausedMs > 0 ? "paused" : "available";
  }
}
