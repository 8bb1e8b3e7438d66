import type { BinnacleError, EmbedResult } from "@binnacle/core";

/**
 * One call of the model that any number of callers can wait for. If the last caller leaves before the end,
 * the call is aborted with that caller's reason.
 */
export class SharedCall {
  /** The model's result. Rejects with the model's own error, for every caller that waits. */
  readonly result: Promise<EmbedResult>;
  readonly #controller: AbortController = new AbortController();
  #answer: EmbedResult | undefined;
  #waiting = 0;

  constructor(embed: (signal: AbortSignal) => Promise<EmbedResult>) {
    this.result = embed(this.#controller.signal).then((answer) => (this.#answer = answer));
    // After every caller has left, a failure must not become an unhandled rejection.
    this.result.catch(() => undefined);
  }

  /** False once the call is aborted. A caller can then no longer join it. */
  get isOpen(): boolean {
    return !this.#controller.signal.aborted;
  }

  /** Adds a caller, which must call `leave` once. */
  join(): void {
    this.#waiting += 1;
  }

  /**
   * Removes a caller. Aborts the call with this reason if no caller is left and the model has not answered.
   */
  leave(reason: unknown): void {
    this.#waiting -= 1;
    if (this.#waiting === 0 && this.#answer === undefined) this.#controller.abort(reason);
  }

  /** Returns the outcome at a position after `result` has resolved. A vector is a new copy for the caller. */
  outcome(position: number): Float32Array | BinnacleError {
    const outcome = this.#answer?.outcomes[position];
    if (outcome === undefined) throw new RangeError(`The call has no outcome at position ${position}.`);
    return outcome instanceof Float32Array ? outcome.slice() : outcome;
  }
}
