import {
  AdmissionError,
  blameOf,
  InferenceError,
  RequestError,
  TimeoutError,
  type GenerationUsage,
} from "@binnacle/core";
import type { Clock, EndpointCall } from "@binnacle/core/kit";
import type { Replica } from "./replica.ts";

/** Observers of a lane. */
export interface LaneEvents<Driver> {
  /** Called once, when the slot is free again. */
  onEnd(lane: Lane<Driver>): void;
  /** Called for a failure that is the replica's. */
  onFailure(lane: Lane<Driver>, error: unknown): void;
  /** Called for an attempt that the caller left after more than the usual time. */
  onLost(lane: Lane<Driver>): void;
  /** Called with a latency in milliseconds. It does not depend on the size of the call. */
  onLatency(latencyMs: number): void;
}

/** Options of {@link Lane}. */
export interface LaneOptions<Driver> {
  readonly replica: Replica<Driver>;
  readonly endpoint: EndpointCall;
  readonly cost: number;
  /** Divides a latency, so that calls of different sizes compare. */
  readonly size: number;
  readonly clock: Clock;
  readonly events: LaneEvents<Driver>;
}

/** One attempt of a call on one replica. It holds a slot until its end, of which only the first counts. */
export class Lane<Driver> {
  readonly replica: Replica<Driver>;
  readonly #options: LaneOptions<Driver>;
  readonly #startedAt: number;
  #isOpen = true;
  #isMeasured = false;

  constructor(options: LaneOptions<Driver>) {
    const { replica, cost, clock } = options;
    this.replica = replica;
    this.#options = options;
    this.#startedAt = clock.monotonicNow();
    replica.inUse += 1;
    replica.outstanding += cost;
    replica.attempts += 1;
  }

  get name(): string {
    return this.replica.name;
  }

  get driver(): Driver {
    return this.replica.settings.driver;
  }

  /** Milliseconds since the attempt began. */
  get elapsedMs(): number {
    return this.#options.clock.monotonicNow() - this.#startedAt;
  }

  /** Takes the time so far as the latency of the attempt, once: at the first token, or at the end. */
  measure(): void {
    if (this.#isMeasured || !this.#isOpen) return;
    const latencyMs = this.#takeLatency();
    this.replica.adaptive.succeeded(latencyMs);
    this.#options.events.onLatency(latencyMs);
  }

  /** Ends the attempt with a success. */
  succeed(usage?: Pick<GenerationUsage, "promptTokens" | "cachedTokens">): void {
    if (!this.#close("success")) return;
    this.replica.succeeded();
    this.replica.promptTokens += usage?.promptTokens ?? 0;
    this.replica.cachedTokens += usage?.cachedTokens ?? 0;
    this.#options.events.onEnd(this);
  }

  /** Ends the attempt with its error. The blame decides whether it counts against the replica. */
  fail(error: unknown): void {
    // The caller's deadline is no failure, but a hung server must not look idle for ever.
    if (TimeoutError.isInstance(error) && error.phase === "total") return this.leave();
    const blame = blameOf(error);
    const isFailure = blame !== "request" && blame !== "caller";
    if (blame === "load" && this.#isOpen) this.#makeRoom(error);
    if (!this.#close(blame)) return;
    if (isFailure) {
      this.replica.failed(error);
      this.#options.events.onFailure(this, error);
    }
    this.#options.events.onEnd(this);
  }

  /** Ends an attempt that the caller left. A wait that long still tells that the replica is slow. */
  leave(): void {
    if (!this.#isOpen) return;
    const usualMs = this.replica.latency.averageMs;
    const waitedMs = this.#isMeasured ? 0 : this.elapsedMs / this.#options.size;
    // A replica that has never answered has no usual time, so a probe tells whether it works.
    const isLost = waitedMs > (usualMs ?? 0);
    if (isLost && usualMs !== undefined) {
      this.#takeLatency();
      this.replica.lost();
    }
    this.#close("caller");
    this.#options.events.onEnd(this);
    if (isLost) this.#options.events.onLost(this);
  }

  #takeLatency(): number {
    this.#isMeasured = true;
    const latencyMs = this.elapsedMs / this.#options.size;
    this.replica.latency.add(latencyMs);
    return latencyMs;
  }

  #makeRoom(error: unknown): void {
    this.replica.adaptive.overloaded(this.#startedAt);
    const retryAfterMs = retryAfterOf(error);
    if (retryAfterMs !== undefined) this.replica.pause(retryAfterMs);
  }

  #close(outcome: Parameters<EndpointCall["end"]>[0]): boolean {
    if (!this.#isOpen) return false;
    this.#isOpen = false;
    const { replica } = this;
    this.#options.endpoint.end(outcome);
    replica.inUse -= 1;
    // Fractions leave a remainder, which would count as load for ever.
    replica.outstanding = replica.inUse === 0 ? 0 : replica.outstanding - this.#options.cost;
    return true;
  }
}

/** Returns the wait that a server asked for, in milliseconds. */
export function retryAfterOf(error: unknown): number | undefined {
  const saysWhen =
    RequestError.isInstance(error) || InferenceError.isInstance(error) || AdmissionError.isInstance(error);
  return saysWhen ? error.retryAfterMs : undefined;
}
