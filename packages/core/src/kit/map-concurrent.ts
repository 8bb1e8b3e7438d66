import { ConfigurationError } from "../errors/configuration-error.ts";
import type { CallOptions } from "../spec/call-options.ts";
import { abortable } from "./time/abortable.ts";
import { linkedController } from "./time/linked-controller.ts";

/** Options of {@link mapConcurrent}. */
export interface MapConcurrentOptions extends Pick<CallOptions, "signal"> {
  /** Calls under way at the same time; at least 1. */
  readonly concurrency: number;
}

/**
 * Maps items with at most `concurrency` calls under way: the next item is drawn and started as soon as any call ends.
 * Results are in item order. The first failure, or an abort, rejects at once: nothing more starts, and the calls under
 * way are told by the signal they were handed.
 */
export async function mapConcurrent<T, R>(
  items: Iterable<T> | AsyncIterable<T>,
  options: MapConcurrentOptions,
  map: (item: T, index: number, signal: AbortSignal) => Promise<R>,
): Promise<R[]> {
  const { concurrency } = options;
  if (!(concurrency >= 1)) {
    throw new ConfigurationError(`mapConcurrent: concurrency must be at least 1, got ${concurrency}`);
  }
  const { controller, unlink } = linkedController(options.signal);
  const { signal } = controller;
  const calls = createCounter(signal);
  const results: R[] = [];
  const call = async (item: T, index: number): Promise<void> => {
    try {
      results[index] = await map(item, index, signal);
    } catch (error) {
      controller.abort(error); // which every wait below obeys
    }
  };
  const source = drawn(items);
  try {
    for (let index = 0; ; index++) {
      await calls.fewerThan(concurrency);
      const next = await abortable(source.next(), signal);
      if (next.done === true) break;
      void calls.count(call(next.value, index));
    }
    await calls.fewerThan(1);
    signal.throwIfAborted();
    return results;
  } catch (error) {
    controller.abort(error);
    // Tells the source to release what it holds, but does not wait: the source may be what hangs.
    await abortable(source.return(), signal);
    throw error;
  } finally {
    unlink();
  }
}

interface Counter {
  /** Counts a promise, which must not reject, until it is fulfilled. */
  count(call: Promise<void>): Promise<void>;
  /** Resolves when fewer than that many are counted; one may wait at a time. */
  fewerThan(limit: number): Promise<void>;
}

// Not a race of the calls: that would leave a reaction on a slow one for every item that passes it.
function createCounter(signal: AbortSignal): Counter {
  let running = 0;
  let wake = (): void => undefined;
  return {
    async count(call) {
      running += 1;
      await call;
      running -= 1;
      wake();
    },
    async fewerThan(limit) {
      while (running >= limit) await abortable(new Promise<void>((resolve) => (wake = resolve)), signal);
    },
  };
}

async function* drawn<T>(items: Iterable<T> | AsyncIterable<T>): AsyncGenerator<T, void, void> {
  yield* items;
}
