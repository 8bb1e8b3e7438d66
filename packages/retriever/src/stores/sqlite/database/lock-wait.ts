import { setImmediate, setTimeout as sleep } from "node:timers/promises";
import { TimeoutError } from "@binnacle/core";
import type { CallContext } from "../channel/call-context.ts";
import { isLocked } from "./sqlite-error.ts";

/** The limits of waiting for a locked file. */
export interface LockWaitOptions {
  readonly path: string;
  readonly lockTimeoutMs: number;
}

// The steps of SQLite's own busy handler (sqliteDefaultBusyCallback), capped at 25 ms, because a process that
// writes without pause leaves only short gaps.
const delaysMs = [1, 2, 5, 10, 15, 20, 25] as const;

/** Repeats the call until no other connection holds the lock. It sleeps between attempts instead of inside
 * SQLite, so that the worker continues to serve readers and cancellations. */
export async function untilUnlocked<T>(
  attempt: () => T,
  call: CallContext,
  options: LockWaitOptions,
): Promise<T> {
  const { startedAt } = call;
  const giveUpAt = Math.min(startedAt + options.lockTimeoutMs, call.deadlineAt ?? Infinity);
  for (let tries = 0; ; tries++) {
    call.signal.throwIfAborted();
    try {
      return attempt();
    } catch (error) {
      if (!isLocked(error)) throw error;
      const remainingMs = giveUpAt - Date.now();
      if (remainingMs <= 0) throw lockTimeout(options.path, Date.now() - startedAt, error);
      if (tries === 0) call.onWaiting("lock");
      const delayMs = delaysMs[Math.min(tries, delaysMs.length - 1)] ?? 25;
      await sleep(Math.min(delayMs, remainingMs));
      await setImmediate(); // a cancellation that has arrived meanwhile counts before the next attempt
    }
  }
}

function lockTimeout(path: string, afterMs: number, cause: unknown): TimeoutError {
  return new TimeoutError(
    `The file "${path}" was still locked by another writer after ${afterMs} ms. End its transaction, or raise lockTimeoutMs or the deadline.`,
    { afterMs, phase: "lock", cause },
  );
}
