import type { Clock } from "../time/clock.ts";
import { createSlidingCounter, type SlidingCounter } from "./sliding-counter.ts";

/** Rules for the ejection of an endpoint and its return. */
export interface EjectionRules {
  readonly consecutiveFailures: number;
  readonly failureShare: number;
  readonly minimumCalls: number;
  readonly windowMs: number;
  readonly baseEjectionMs: number;
  readonly maxEjectionMs: number;
  readonly startingMs: number;
  readonly maxProbes: number;
  readonly probeSuccesses: number;
}

/** `available`: takes calls. `ejected`: takes no calls. `probing`: takes a few trial calls. */
export type EndpointState = "available" | "ejected" | "probing";

/** The record of one endpoint: the latest results of its calls, and its ejections. */
export class EndpointHealth {
  readonly #rules: EjectionRules;
  readonly #clock: Clock;
  readonly #calls: SlidingCounter;
  readonly #failures: SlidingCounter;
  #isOut = false;
  #consecutiveFailures = 0;
  #probes = 0;
  #probeSuccesses = 0;
  #ejections = 0;
  #outUntil = 0;
  #lastEjectionMs = 0;
  #restoredAt = -Infinity;
  #generation = 0;

  constructor(rules: EjectionRules, clock: Clock) {
    this.#rules = rules;
    this.#clock = clock;
    this.#calls = createSlidingCounter(rules.windowMs, clock);
    this.#failures = createSlidingCounter(rules.windowMs, clock);
  }

  get state(): EndpointState {
    if (!this.#isOut) return "available";
    return this.#clock.monotonicNow() < this.#outUntil ? "ejected" : "probing";
  }

  get consecutiveFailures(): number {
    return this.#consecutiveFailures;
  }

  /** Ejections in a row. A healthy time as long as the last ejection ends the row. */
  get ejections(): number {
    return this.#ejections;
  }

  /** Milliseconds until the endpoint may be probed. 0 if it is not ejected. */
  get leftMs(): number {
    return this.state === "ejected" ? this.#outUntil - this.#clock.monotonicNow() : 0;
  }

  /** Changes with every ejection and return, so that calls from before such a change do not count after
   * it. */
  get generation(): number {
    return this.#generation;
  }

  get mayTakeCall(): boolean {
    return this.state === "available" || (this.state === "probing" && this.#probes < this.#rules.maxProbes);
  }

  holdProbe(): void {
    this.#probes += 1;
  }

  releaseProbe(): void {
    this.#probes -= 1;
  }

  succeed(): void {
    if (!this.#isOut) {
      this.#calls.add();
      this.#consecutiveFailures = 0;
      return;
    }
    this.#probeSuccesses += 1;
    if (this.#probeSuccesses >= this.#rules.probeSuccesses) this.#restore();
  }

  /** Counts a failure. Returns true if the endpoint should be ejected. */
  fail(): boolean {
    if (this.#isOut) return this.state === "probing";
    this.#calls.add();
    this.#failures.add();
    this.#consecutiveFailures += 1;
    const { consecutiveFailures, failureShare, minimumCalls } = this.#rules;
    if (this.#consecutiveFailures >= consecutiveFailures) return true;
    const calls = this.#calls.total();
    return calls >= minimumCalls && this.#failures.total() / calls >= failureShare;
  }

  /** Ejects the endpoint. The time doubles with each ejection in a row. */
  eject(): void {
    const now = this.#clock.monotonicNow();
    const { baseEjectionMs, maxEjectionMs } = this.#rules;
    if (!this.#isOut && now - this.#restoredAt >= this.#lastEjectionMs) this.#ejections = 0;
    this.#lastEjectionMs = Math.min(maxEjectionMs, baseEjectionMs * 2 ** this.#ejections);
    this.#ejections += 1;
    this.#leave(this.#lastEjectionMs);
  }

  /** Pauses an endpoint that is starting. This is not a failure, so the time does not grow. It never shortens
   * an ejection. */
  pause(): void {
    this.#leave(Math.max(this.#rules.startingMs, this.leftMs));
  }

  #leave(forMs: number): void {
    this.#isOut = true;
    this.#outUntil = this.#clock.monotonicNow() + forMs;
    this.#begin();
  }

  #restore(): void {
    this.#isOut = false;
    this.#restoredAt = this.#clock.monotonicNow();
    this.#begin();
  }

  #begin(): void {
    this.#generation += 1;
    this.#consecutiveFailures = 0;
    this.#probeSuccesses = 0;
    this.#calls.clear();
    this.#failures.clear();
  }
}
