import {
  attribute,
  blameOf,
  BinnacleError,
  InferenceError,
  type AttemptRecord,
  type InferenceCallOptions,
} from "@binnacle/core";
import { abortable, hedge, sleep } from "@binnacle/core/kit";
import { kindOf } from "../../server/attempt-log.ts";
import type { Ticket } from "../queue/ticket.ts";
import type { ReplicaPool } from "../replica-pool.ts";
import { retryAfterOf, type Lane } from "../replicas/lane.ts";
import { maxRetryAfterMs } from "../replicas/replica.ts";

/**
 * The work of one attempt. It ends its lane on success, or keeps it open for a stream. The signal aborts when
 * the caller leaves or another attempt wins.
 */
export type Work<Driver, T> = (lane: Lane<Driver>, options: AttemptOptions) => Promise<T>;

/** The options that the driver gets in one attempt. */
export type AttemptOptions = InferenceCallOptions & { readonly signal: AbortSignal };

const baseDelayMs = 100;
const maxDelayMs = 5_000;

/** One call of a pool: its attempts on different replicas, one after the other or hedged. */
export class PoolCall<Driver> {
  readonly #pool: ReplicaPool<Driver>;
  readonly #ticket: Ticket;
  readonly #options: InferenceCallOptions;
  readonly #maxAttempts: number;
  readonly #records: AttemptRecord[] = [];
  #attempts = 0;
  #rounds = 0;
  #lastFailure: { readonly error: unknown; readonly replica: string } | undefined;

  constructor(pool: ReplicaPool<Driver>, ticket: Ticket, options: InferenceCallOptions) {
    this.#pool = pool;
    this.#ticket = ticket;
    this.#options = options;
    this.#maxAttempts = options.maxAttempts ?? pool.settings.maxAttempts;
    pool.begin();
  }

  /** Runs the work on replicas until it succeeds. Its error lists the failed attempts. */
  async run<T>(work: Work<Driver, T>): Promise<T> {
    for (;;) {
      const lane = await this.#acquire();
      try {
        return (await this.#hedged(lane, work, this.#options.signal))[1];
      } catch (error) {
        lane.leave(); // open only if the abort came before the attempt
        await this.retryOrThrow(error, lane.name);
      }
    }
  }

  /** Opens a lane. If the pool has none for a retry, the caller gets the failure that led to it. */
  async #acquire(): Promise<Lane<Driver>> {
    try {
      const { signal } = this.#options;
      return await this.#ticket.call.inTurn(() => this.#pool.acquire(this.#ticket, this.#options), signal);
    } catch (refusal) {
      this.#options.signal?.throwIfAborted();
      this.#pool.assertOpen();
      const last = this.#lastFailure;
      throw last === undefined ? refusal : this.attributed(last.error, last.replica);
    }
  }

  /** Resolves when another attempt may start. Otherwise throws the error with the records of the call. */
  async retryOrThrow(error: unknown, replica: string): Promise<void> {
    const { signal, deadlineAt = Infinity } = this.#options;
    signal?.throwIfAborted(); // the caller's own reason, unchanged
    this.#pool.assertOpen();
    const delayMs = this.#attempts < this.#maxAttempts ? this.#delayMs(error) : undefined;
    const { clock } = this.#pool.settings;
    const isTooLate = delayMs === undefined || clock.now() + delayMs >= deadlineAt;
    if (isTooLate || !this.#pool.spendRetry(replica, error)) throw this.attributed(error, replica);
    this.#lastFailure = { error, replica };
    if (delayMs > 0) await sleep(delayMs, { signal, clock });
  }

  /** Returns the error with the replica and the records of the call. */
  attributed(error: unknown, replica: string): unknown {
    return attribute(error, { replica, attempts: [...this.#records] });
  }

  /** Records an attempt that failed. */
  record(lane: Lane<Driver>, error: unknown): void {
    const replica = (BinnacleError.isInstance(error) ? error.replica : undefined) ?? lane.name;
    this.#records.push({ replica, kind: kindOf(error), afterMs: Math.round(lane.elapsedMs) });
  }

  /** Returns the wait before the next attempt: none if another replica can take it. Undefined: give up. */
  #delayMs(error: unknown): number | undefined {
    const blame = blameOf(error);
    if (blame === "request" || (blame === "caller" && !isOfReplica(error))) return undefined;
    if (this.#pool.replicas.eligible(this.#ticket).length > 0) return 0;
    if (this.#pool.replicas.serving(this.#ticket).length === 0) return undefined;
    // Another try on the same replica cannot change a missing model or key.
    if (blame === "caller") return undefined;
    this.#ticket.tried.clear();
    this.#rounds += 1;
    const askedMs = retryAfterOf(error);
    if (askedMs !== undefined) return askedMs <= maxRetryAfterMs ? askedMs : undefined;
    const { random } = this.#pool.settings;
    return random() * Math.min(maxDelayMs, baseDelayMs * 2 ** this.#rounds);
  }

  /** A facts call asks one replica after the other until one answers. Any other call has one second attempt. */
  async #hedged<T>(
    lane: Lane<Driver>,
    work: Work<Driver, T>,
    signal: AbortSignal | undefined,
  ): Promise<readonly [Lane<Driver>, T]> {
    const { clock } = this.#pool.settings;
    this.#count(lane);
    const delayMs = this.#attempts < this.#maxAttempts ? this.#pool.hedgeDelayMs(this.#ticket) : undefined;
    let second: Lane<Driver> | undefined;
    const budget = {
      available: 1,
      count: () => undefined,
      spend: () => (second = this.#pool.openHedge(this.#ticket)) !== undefined,
    };
    const attempt = async (attemptSignal: AbortSignal): Promise<readonly [Lane<Driver>, T]> => {
      if (second !== undefined && this.#ticket.isFactsCall)
        return await this.#hedged(second, work, attemptSignal);
      if (second !== undefined) this.#count(second);
      const own = second ?? lane;
      return [own, await this.#attempt(own, work, attemptSignal)];
    };
    let winner: Lane<Driver> | undefined;
    try {
      const won = await hedge(attempt, { signal, delayMs: delayMs ?? Infinity, budget, clock });
      winner = won[0];
      return won;
    } finally {
      // Both attempts may have opened in the same turn. Then only this ends the one that lost.
      for (const other of [lane, second]) if (other !== winner) other?.leave();
    }
  }

  #count({ name }: Lane<Driver>): void {
    this.#attempts += 1;
    this.#ticket.tried.add(name);
  }

  async #attempt<T>(lane: Lane<Driver>, work: Work<Driver, T>, signal: AbortSignal): Promise<T> {
    try {
      return await abortable(work(lane, { ...this.#options, signal, maxAttempts: 1 }), signal);
    } catch (error) {
      if (signal.aborted) lane.leave();
      else {
        lane.fail(error);
        this.record(lane, error);
      }
      throw error;
    }
  }
}

/** Returns true for a refusal that depends on the replica: its key, quota, models, abilities, or its end. */
function isOfReplica(error: unknown): boolean {
  if (InferenceError.isInstance(error)) return true;
  return BinnacleError.isInstance(error) && (error.code === "unsupported" || error.code === "closed");
}
