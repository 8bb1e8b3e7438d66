import { sleep, type SleepOptions } from "@binnacle/core/kit";

/** What a promise brings, or `due` when the delay is over first. An abort or the call's own deadline rejects. */
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
