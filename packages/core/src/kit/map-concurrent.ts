import { ConfigurationError } from "../errors/configuration-error.ts";
import type { CallOptions } from "../spec/call-options.ts";
import { abortable } from "./time/abortable.ts";
import { linkedController } from "./time/linked-controller.ts";

/** Options of {@link mapConcurrent}. */
export interface MapConcurrentOptions extends Pick<CallOptions, "signal"> {
  /** Most calls that run at the same time, at least 1. */
  readonly concurrency: number;
}

/**
 * Maps items with at most `concurrency` calls at the same time. The next item is read and started when any
 * call ends. Results are in item order. The first failure or an abort rejects immediately. No further call
 * starts then, and the signal of the running calls aborts.
 */
export async function mapConcurrent<T, R>(
  items: Iterable<T> | AsyncIterable<T>,
  options: MapConcurrentOptions,
  map: (item: T, index: number, signal: AbortSignal) => Promise<R>,
): Promise<R[]> {
  const { concurrency } = options;
  if (!(concurrency >= 1)) {
    throw new ConfigurationError(`mapConcurrent: \`concurrency\` must be at least 1, got ${concurrency}`);
  }
  const { controller, unlink } = linkedController(options.signal);
  const { signal } = controller;
  const calls = createCounter(signal);
  const results: R[] = [];
  const call = async (item: T, index: number): Promise<void> => {
    try {
      results[index] = await map(item, index, signal);
    } catch (error) {
      controller.abort(error); // ends every wait below
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
    // The source must release its resources, but this does not wait for it: the source itself may hang.
    await abortable(source.return(), signal);
    throw error;
  } finally {
    unlink();
  }
}

interface Counter {
  /** Counts a promise until it is fulfilled. The promise must not reject. */
  count(call: Promise<void>): Promise<void>;
  /** Resolves when fewer than `limit` promises are counted. Supports one waiting caller at a time. */
  fewerThan(limit: number): Promise<void>;
}

// Promise.race would add a reaction to a slow call for every item that overtakes it.
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
