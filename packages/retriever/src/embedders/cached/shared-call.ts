import type { BinnacleError, EmbedResult } from "@binnacle/core";

/**
 * One call of the model that any number of callers may wait for. When the last of them has left before the end, the call is
 * aborted for the reason of that caller.
 */
export class SharedCall {
  /** Rejects with the model's own failure, which every caller that waits receives. */
  readonly result: Promise<EmbedResult>;
  readonly #controller: AbortController = new AbortController();
  #answer: EmbedResult | undefined;
  #waiting = 0;

  constructor(embed: (signal: AbortSignal) => Promise<EmbedResult>) {
    this.result = embed(this.#controller.signal).then((answer) => (this.#answer = answer));
    // A failure is no unhandled rejection if every caller has left.
    this.result.catch(() => undefined);
  }

  /** False once the call is aborted: nobody can join it any more. */
  get isOpen(): boolean {
    return !this.#controller.signal.aborted;
  }

  /** Counts a caller in. Each must `leave`. */
  join(): void {
    this.#waiting += 1;
  }

  /** Counts a caller out. */
  leave(reason: unknown): void {
    this.#waiting -= 1;
    if (this.#waiting === 0 && this.#answer === undefined) this.#controller.abort(reason);
  }

  /** The outcome at a position, once `result` has resolved; a vector is the caller's own. */
  outcome(position: number): Float32Array | BinnacleError {
    const outcome = this.#answer?.outcomes[position];
    if (outcome === undefined) throw new RangeError(`the call has no outcome at ${position}`);
    return outcome instanceof Float32Array ? outcome.slice() : outcome;
  }
}
