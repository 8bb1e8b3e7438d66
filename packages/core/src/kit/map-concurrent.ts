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
  const results: R[] = [];
  const running = new Set<Promise<void>>();
  const call = async (item: T, index: number): Promise<void> => {
    try {
      results[index] = await map(item, index, signal);
    } catch (error) {
      controller.abort(error);
    }
  };
  const source = drawn(items);
  try {
    for (let index = 0; ; index++) {
      if (running.size >= concurrency) await abortable(Promise.race(running), signal);
      const next = await abortable(source.next(), signal);
      if (next.done === true) break;
      const started = call(next.value, index).finally(() => running.delete(started));
      running.add(started);
    }
    await abortable(Promise.all(running), signal);
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

async function* drawn<T>(items: Iterable<T> | AsyncIterable<T>): AsyncGenerator<T, void, void> {
  yield* items;
}
