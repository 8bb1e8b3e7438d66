import type { Clock } from "../kit/time/clock.ts";

interface Timer {
  readonly at: number;
  readonly callback: () => void;
}

/** A clock that moves only by {@link FakeClock.advance}. `now` and `monotonicNow` move together. */
export class FakeClock implements Clock {
  readonly #timers = new Set<Timer>();
  readonly #epochStart: number;
  #elapsedMs = 0;

  constructor(epochStart: number = Date.UTC(2026, 0, 1)) {
    this.#epochStart = epochStart;
  }

  now(): number {
    return this.#epochStart + this.#elapsedMs;
  }

  monotonicNow(): number {
    return this.#elapsedMs;
  }

  startTimer(delayMs: number, callback: () => void): () => void {
    if (delayMs === Infinity) return () => undefined;
    const timer = { at: this.#elapsedMs + Math.max(0, delayMs), callback };
    this.#timers.add(timer);
    return () => void this.#timers.delete(timer);
  }

  /** Number of timers that have neither fired nor been cancelled. */
  get pendingTimers(): number {
    return this.#timers.size;
  }

  /** Moves the time and fires due timers in order. Promises settle between the timers and at the end. */
  async advance(byMs: number): Promise<void> {
    const until = this.#elapsedMs + byMs;
    await settlePromises();
    for (let due = this.#nextDue(until); due !== undefined; due = this.#nextDue(until)) {
      this.#timers.delete(due);
      this.#elapsedMs = Math.max(this.#elapsedMs, due.at);
      due.callback();
      await settlePromises();
    }
    this.#elapsedMs = until;
  }

  #nextDue(until: number): Timer | undefined {
    const due = [...this.#timers].filter(({ at }) => at <= until);
    return due.toSorted((a, b) => a.at - b.at)[0];
  }
}

// The event loop reaches its next turn only after all settled promises have run.
function settlePromises(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
