import type { Cache, InferenceBackend } from "@binnacle/core";
import { createCachedBackend } from "@binnacle/inference";
import { MemoryCache } from "@binnacle/retriever";

const memoryBytes = 64 * 1024 * 1024;

/** A backend that answers the same request from a cache. */
export interface AnswerCache {
  readonly backend: InferenceBackend | undefined;
  /** Closes the wrapper after its last writes, then the cache that was opened here. Not the wrapped backend. */
  close(): Promise<void>;
}

/**
 * Wraps a backend with a cache, or with the memory of this process if there is no cache. A key holds the whole
 * prompt with its passages, so an answer is never older than its documents.
 */
export function openAnswerCache(
  backend: InferenceBackend | undefined,
  shared: Cache | undefined,
): AnswerCache {
  const own = shared === undefined ? new MemoryCache({ maxBytes: memoryBytes }) : undefined;
  const cache = shared ?? own;
  const cached = backend && cache && createCachedBackend(backend, { cache });
  return {
    backend: cached,
    close: async () => {
      await cached?.close();
      await own?.close();
    },
  };
}
