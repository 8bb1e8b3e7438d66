import { BinnacleError, type CallOptions } from "@binnacle/core";
import { sleep } from "@binnacle/core/kit";
import { reason } from "../run/tally.ts";
import type { RunContext } from "../run/run-context.ts";
import type { FollowError } from "../report/follow-status.ts";

const shortestPauseMs = 500;
const longestPauseMs = 30_000;

/** The part of a run that a {@link Patience} uses. */
export type PatienceContext = Pick<RunContext, "report" | "call">;

/**
 * Retries calls that fail for a reason that may pass, so that a restart of the model server does not end a
 * live index.
 */
export class Patience {
  readonly #context: PatienceContext;
  readonly #given: AbortController = new AbortController();
  readonly #failing: Set<FollowError> = new Set();

  constructor(context: PatienceContext) {
    this.#context = context;
  }

  /** The error of a call that is being retried, if there is one. */
  get failing(): FollowError | undefined {
    return this.#failing.values().next().value;
  }

  /** Runs `body` until it succeeds, or fails for a reason that does not pass. */
  async attempt<T>(body: () => Promise<T>): Promise<T> {
    let why: FollowError | undefined;
    try {
      for (let pauseMs = shortestPauseMs; ; pauseMs = Math.min(2 * pauseMs, longestPauseMs)) {
        try {
          return await body();
        } catch (error) {
          this.#context.call.signal?.throwIfAborted();
          if (!this.mayPass(error)) throw error;
          if (why !== undefined) this.#failing.delete(why);
          this.#failing.add((why = reason(error)));
          this.#context.report({ scope: "", error });
        }
        await this.#pause(pauseMs, this.#context.call);
      }
    } finally {
      if (why !== undefined) this.#failing.delete(why);
    }
  }

  /** Returns true if a retry may help. */
  mayPass(error: unknown): boolean {
    if (this.#given.signal.aborted || !BinnacleError.isInstance(error)) return false;
    return error.retryable && error.code !== "lease_lost" && error.code !== "lease_held";
  }

  /** Ends all retries. From now on the first failure counts. */
  giveUp(): void {
    this.#given.abort();
  }

  async #pause(pauseMs: number, { signal, deadlineAt }: CallOptions): Promise<void> {
    const signals = [this.#given.signal, ...(signal ? [signal] : [])];
    try {
      await sleep(pauseMs, { deadlineAt, signal: AbortSignal.any(signals) });
    } catch (error) {
      if (!this.#given.signal.aborted || signal?.aborted === true) throw error;
    }
  }
}
