import { abortable } from "@binnacle/core/kit";

/**
 * Reads a sync or async iterable. An abort rejects at once, even while the next value is awaited. A caller
 * that leaves early closes the iterable, and waits until it is closed unless the iterable itself is stuck.
 */
export async function* pull<T>(
  values: Iterable<T> | AsyncIterable<T>,
  signal: AbortSignal | undefined,
): AsyncGenerator<T, void, undefined> {
  const iterator =
    Symbol.asyncIterator in values ? values[Symbol.asyncIterator]() : values[Symbol.iterator]();
  let state: "idle" | "waiting" | "ended" = "idle";
  try {
    while (true) {
      signal?.throwIfAborted();
      state = "waiting";
      const next = Promise.resolve(iterator.next()).catch((error: unknown) => {
        state = "ended";
        throw error;
      });
      const result = await abortable(next, signal);
      if (result.done === true) {
        state = "ended";
        return;
      }
      state = "idle";
      yield result.value;
    }
  } finally {
    if (state === "idle") await iterator.return?.();
    // The iterable is stuck in its own wait. It is closed too, but the caller does not wait for that.
    if (state === "waiting") void Promise.resolve(iterator.return?.()).catch(() => undefined);
  }
}
