import { BinnacleError } from "../../errors/binnacle-error.ts";
import type { CallOptions } from "../../spec/call-options.ts";
import { abortable } from "../time/abortable.ts";
import { systemClock, type Clock } from "../time/clock.ts";
import { linkedController, type LinkedController } from "../time/linked-controller.ts";
import type { RetryBudget } from "./create-retry-budget.ts";

/** Options of {@link hedge}. */
export interface HedgeOptions extends Pick<CallOptions, "signal"> {
  /** Delay before the second attempt, in milliseconds. Use about the 95th percentile of the latency. */
  readonly delayMs: number;
  /** Budget of the second attempt, which is skipped if the budget is empty. The caller counts the request.
   * @default none */
  readonly budget?: RetryBudget | undefined;
  /** Time and timers. Tests pass a clock of their own. @default the machine's clock */
  readonly clock?: Clock | undefined;
}

/**
 * Starts a second attempt if the first is slow, and returns the first success. The signal of the other
 * attempt aborts then. The winner's signal does not abort, and no longer follows the caller's signal. If the
 * first attempt fails before the second starts, the error is thrown immediately. If both fail, the first
 * attempt's error is thrown. An abort rejects with `signal.reason`. Use it only for calls that may safely run
 * twice.
 */
export async function hedge<T>(
  call: (signal: AbortSignal, attempt: 1 | 2) => Promise<T>,
  { signal, delayMs, budget, clock = systemClock }: HedgeOptions,
): Promise<T> {
  signal?.throwIfAborted();
  const attempts: LinkedController[] = [];
  let winner: LinkedController | undefined;
  const start = async (attempt: 1 | 2): Promise<T> => {
    const linked = linkedController(signal);
    attempts.push(linked);
    const result = await call(linked.controller.signal, attempt);
    winner ??= linked;
    return result;
  };
  let cancelTimer = (): void => undefined;
  try {
    const first = start(1);
    const second = new Promise<T>((resolve, reject) => {
      cancelTimer = clock.startTimer(delayMs, () => {
        if (budget?.spend() !== false) start(2).then(resolve, reject);
      });
    });
    return await abortable(
      firstSuccess(first, second, () => attempts.length === 2),
      signal,
    );
  } finally {
    cancelTimer();
    const lost = new BinnacleError("abandoned", "This attempt was stopped, because the call has ended.");
    for (const linked of attempts) {
      linked.unlink();
      if (linked !== winner) linked.controller.abort(lost);
    }
  }
}

/** Resolves with the first success of two attempts. The second attempt counts only if it has started. */
function firstSuccess<T>(first: Promise<T>, second: Promise<T>, hasSecond: () => boolean): Promise<T> {
  return new Promise((resolve, reject) => {
    first.then(resolve, (error: unknown) => {
      if (!hasSecond()) reject(error);
      else second.then(resolve, () => reject(error));
    });
    second.then(resolve, () => undefined);
  });
}
