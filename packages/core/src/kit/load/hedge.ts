import { BinnacleError } from "../../errors/binnacle-error.ts";
import type { CallOptions } from "../../spec/call-options.ts";
import { abortable } from "../time/abortable.ts";
import { systemClock, type Clock } from "../time/clock.ts";
import { linkedController, type LinkedController } from "../time/linked-controller.ts";
import type { RetryBudget } from "./create-retry-budget.ts";

/** Options of {@link hedge}. */
export interface HedgeOptions extends Pick<CallOptions, "signal"> {
  /** The second attempt starts if the first has not settled by then; about the 95th percentile of the latency. */
  readonly delayMs: number;
  /** Pays for the second attempt. If it is empty there is none. Count the request yourself. @default none */
  readonly budget?: RetryBudget | undefined;
  /** @default the machine's clock */
  readonly clock?: Clock | undefined;
}

/**
 * Calls, and calls a second time if the first attempt is slow; the first success wins. The other attempt's signal is
 * then aborted; the winner's is not, and no longer follows the caller's. Rejects at once if the first attempt fails
 * before the second starts, and with the first attempt's error if both fail. An abort rejects with `signal.reason`.
 * Use it only for calls that may safely run twice.
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
    const lost = new BinnacleError("abandoned", "this attempt is not needed any more; the call has ended");
    for (const linked of attempts) {
      linked.unlink();
      if (linked !== winner) linked.controller.abort(lost);
    }
  }
}

/** The first of two to succeed. The second counts only once it has started. */
function firstSuccess<T>(first: Promise<T>, second: Promise<T>, hasSecond: () => boolean): Promise<T> {
  return new Promise((resolve, reject) => {
    first.then(resolve, (error: unknown) => {
      if (!hasSecond()) reject(error);
      else second.then(resolve, () => reject(error));
    });
    second.then(resolve, () => undefined);
  });
}
