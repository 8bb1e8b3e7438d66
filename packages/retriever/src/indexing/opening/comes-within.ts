import { sleep, type SleepOptions } from "@binnacle/core/kit";

/**
 * Resolves with the promise's value, or with `due` if the delay ends first. Rejects on an abort and at the
 * call's own deadline.
 */
export async function comesWithin<T>(
  promise: Promise<T>,
  delayMs: number,
  { signal, deadlineAt }: SleepOptions = {},
): Promise<T | "due"> {
  const over = new AbortController();
  const signals = signal === undefined ? [over.signal] : [over.signal, signal];
  const timer = sleep(Math.max(0, delayMs), { deadlineAt, signal: AbortSignal.any(signals) });
  try {
    return await Promise.race([promise, timer.then(() => "due" as const)]);
  } finally {
    over.abort();
  }
}
