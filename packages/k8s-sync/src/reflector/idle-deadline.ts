import { BinnacleError } from "@binnacle/core";
import type { Clock } from "@binnacle/core/kit";

/** Aborts a watch that is open but sends nothing. Bookmarks come every minute, so silence is a failure. */
export class IdleDeadline implements Disposable {
  readonly #clock: Clock;
  readonly #idleMs: number;
  readonly #controller: AbortController = new AbortController();
  #cancel: () => void;
  #heardAt: number;
  #isPaused = false;

  constructor(clock: Clock, idleMs: number, path: string) {
    this.#clock = clock;
    this.#idleMs = idleMs;
    this.#heardAt = clock.monotonicNow();
    this.#cancel = clock.startTimer(idleMs, () => this.#check(path));
  }

  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  /** Notes that something arrived. */
  heard(): void {
    this.#heardAt = this.#clock.monotonicNow();
  }

  /** Waits for the work. This time does not count as silence, because the watch is not read meanwhile. */
  async pauseFor(work: Promise<void>): Promise<void> {
    this.#isPaused = true;
    try {
      await work;
    } finally {
      this.#isPaused = false;
      this.heard();
    }
  }

  [Symbol.dispose](): void {
    this.#cancel();
  }

  #check(path: string): void {
    if (this.#isPaused) this.heard();
    const silentMs = this.#clock.monotonicNow() - this.#heardAt;
    if (silentMs < this.#idleMs) {
      this.#cancel = this.#clock.startTimer(this.#idleMs - silentMs, () => this.#check(path));
      return;
    }
    const message = `GET ${path}: the watch is open but sent nothing for ${Math.round(silentMs)} ms. It is opened again.`;
    this.#controller.abort(new BinnacleError("watch_silent", message, { retryable: true }));
  }
}
