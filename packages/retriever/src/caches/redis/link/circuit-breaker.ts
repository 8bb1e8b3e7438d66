/** Options of {@link CircuitBreaker}. */
export interface CircuitBreakerOptions {
  /** Failures within `windowMs`, without a success in between, that open it. */
  readonly failures: number;
  readonly windowMs: number;
  /** How often one probe may be sent while it is open. */
  readonly probeEveryMs: number;
  /** Monotonic milliseconds. */
  readonly now: () => number;
}

/** Says when a server that fails should be left alone. Keeps no timer: it is asked. */
export class CircuitBreaker {
  readonly #options: CircuitBreakerOptions;
  #failures = 0;
  #firstFailureAt = 0;
  #openedAt: number | undefined;
  #probedAt = 0;

  constructor(options: CircuitBreakerOptions) {
    this.#options = options;
  }

  get isOpen(): boolean {
    return this.#openedAt !== undefined;
  }

  /** Counts a failure. */
  failed(): void {
    const { failures, windowMs, now } = this.#options;
    const at = now();
    if (this.#failures === 0 || at - this.#firstFailureAt > windowMs) {
      this.#failures = 0;
      this.#firstFailureAt = at;
    }
    this.#failures += 1;
    if (this.#openedAt !== undefined || this.#failures < failures) return;
    this.#openedAt = at;
    this.#probedAt = at;
  }

  /** Closes it. How long it was open; undefined if it was not. */
  succeeded(): number | undefined {
    const openMs = this.#openedAt === undefined ? undefined : this.#options.now() - this.#openedAt;
    this.#failures = 0;
    this.#openedAt = undefined;
    return openMs;
  }

  /** Whether the caller is the one to send a probe now. */
  takeProbe(): boolean {
    const { probeEveryMs, now } = this.#options;
    if (this.#openedAt === undefined || now() - this.#probedAt < probeEveryMs) return false;
    this.#probedAt = now();
    return true;
  }
}
