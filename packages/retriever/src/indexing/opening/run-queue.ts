import { BinnacleError, type CallOptions } from "@binnacle/core";
import { comesWithin } from "./comes-within.ts";

/** Options of {@link RunQueue.take}. */
export interface TurnOptions extends Pick<CallOptions, "signal" | "deadlineAt"> {
  /** Maximum milliseconds to wait while no earlier run takes the lease or ends. */
  readonly waitMs: number;
}

/** A turn in the queue. */
export interface Turn {
  /**
   * Epoch milliseconds at which to stop waiting for the lease. The time that an earlier run waited in vain
   * counts too.
   */
  readonly givesUpAt: number;
  /** Notes that the run has the lease. */
  begin(): void;
  /** Ends the turn, so that the next run begins. */
  end(): void;
}

interface Line {
  /** Resolves when every run in the line has ended or left. */
  tail: Promise<void>;
  length: number;
  /** When a run last took or released the lease, epoch milliseconds. */
  movedAt: number;
}

/**
 * Orders the runs of one indexer. The runs of one source take turns, so that they do not poll for a lease
 * that the same indexer holds.
 */
export class RunQueue {
  readonly #lines = new Map<string, Line>();

  /** True if a run of the source would have to wait. */
  isBusy(sourceId: string): boolean {
    return this.#lines.has(sourceId);
  }

  /**
   * Waits for the turn. Rejects with code `lease_held`, retryable, if an earlier run lasts too long. Such a
   * run follows its source, or its listing waits for this very call.
   */
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
