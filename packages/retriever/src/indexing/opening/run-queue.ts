import { BinnacleError, type CallOptions } from "@binnacle/core";
import { comesWithin } from "./comes-within.ts";

/** How long a turn is waited for. */
export interface TurnOptions extends Pick<CallOptions, "signal" | "deadlineAt"> {
  /** Most time in which no run ahead takes the lease or ends. */
  readonly waitMs: number;
}

/** A place at the head of the queue. */
export interface Turn {
  /** When to stop waiting for the lease: what a run ahead of this one already waited for in vain counts. */
  readonly givesUpAt: number;
  /** Notes that the run has the lease. */
  begin(): void;
  /** Lets the next one have its turn. */
  end(): void;
}

interface Line {
  /** Resolves when everybody who is in line has had a turn or gone. */
  tail: Promise<void>;
  length: number;
  /** When a run last took the lease or gave it back. */
  movedAt: number;
}

/**
 * The runs of one indexer, in the order they were asked for: one at a time per source, so that they need not poll for a
 * lease that they hold themselves.
 */
export class RunQueue {
  readonly #lines = new Map<string, Line>();

  /** True if a run of the source would have to wait. */
  isBusy(sourceId: string): boolean {
    return this.#lines.has(sourceId);
  }

  /** Waits for the turn. Rejects with code `lease_held`, retryable, where a run ahead goes on for too long: a source that is
   * followed, say, or one whose own listing waits for this very call. */
  async take(sourceId: string, { waitMs, ...call }: TurnOptions): Promise<Turn> {
    const askedAt = Date.now();
    const line = this.#lines.get(sourceId) ?? { tail: Promise.resolve(), length: 0, movedAt: 0 };
    const givesUpAt = (): number => Math.max(askedAt, line.movedAt) + waitMs;
    const ahead = line.tail;
    const leave = this.#join(sourceId, line);
    try {
      while ((await comesWithin(ahead, givesUpAt() - Date.now(), call)) === "due")
        if (Date.now() >= givesUpAt()) throw heldByOwnRun(sourceId, waitMs);
    } catch (error) {
      leave();
      throw error;
    }
    let hasLease = false;
    return {
      givesUpAt: givesUpAt(),
      begin: () => {
        hasLease = true;
        line.movedAt = Date.now();
      },
      end: () => {
        if (hasLease) line.movedAt = Date.now();
        leave();
      },
    };
  }

  #join(sourceId: string, line: Line): () => void {
    const { promise, resolve } = Promise.withResolvers<void>();
    line.tail = line.tail.then(() => promise);
    line.length += 1;
    this.#lines.set(sourceId, line);
    return () => {
      line.length -= 1;
      if (line.length === 0) this.#lines.delete(sourceId);
      resolve();
    };
  }
}

function heldByOwnRun(sourceId: string, waitMs: number): BinnacleError {
  return new BinnacleError(
    "lease_held",
    `another run of this indexer has held source "${sourceId}" for more than leaseWaitMs (${waitMs} ms); try again when it has ended, or stop following the source`,
    { retryable: true },
  );
}
