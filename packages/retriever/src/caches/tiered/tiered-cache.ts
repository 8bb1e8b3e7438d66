import type { Cache, CacheSetOptions, CacheStats } from "@binnacle/core";

/** Options of {@link TieredCache.getOrLoad}. `ttlMs` applies to a value that was loaded. */
export interface LoadOptions extends CacheSetOptions {
  /**
   * Milliseconds for which a missing value is remembered. 0 does not remember it.
   * @default the cache's own
   */
  readonly negativeTtlMs?: number | undefined;
  /** Milliseconds after its end for which a value may be served if loading fails. @default the cache's own */
  readonly staleMs?: number | undefined;
}

/** Counters since the cache was created. Each tier's own counters are in its `stats()`. */
export interface TieredCacheStats extends CacheStats {
  /** Keys that the near tier had, missing values included, and keys that it did not have. */
  readonly near: { readonly hits: number; readonly misses: number };
  /** The same counts for the far tier, which is asked only for keys that the near tier does not have. */
  readonly far: { readonly hits: number; readonly misses: number };
  /** Values copied from the far tier to the near tier. */
  readonly promotions: number;
  /** Calls of `load`. */
  readonly loads: number;
  /** Callers that shared a load which another caller had begun. */
  readonly shared: number;
  /** Early refreshes. They count as `loads` too. */
  readonly refreshes: number;
  /** Stale values served because a load failed or was too slow. */
  readonly stale: number;
  /** Values not written to the far tier because too many bytes were waiting. */
  readonly dropped: number;
}

/**
 * A small fast cache before a large shared cache. As a `Cache` it reads from both and writes to both.
 * `getOrLoad` also loads missing values: once for all concurrent callers, with early refresh, stale values
 * and memory of missing values.
 *
 * Another process may delete or replace a value, so the near tier keeps each value for at most `nearTtlMs`.
 * Within that time, and while the far tier is down, this process may see the old value.
 */
export interface TieredCache extends Cache {
  /**
   * Returns the value of the key from a tier or from `load`. Concurrent calls for one key share one load in
   * this process. If `load` resolves to undefined, the key has no value, which is remembered for
   * `negativeTtlMs`. Rejects with the error of `load` if there is no stale value, and with the signal's
   * reason. A failing tier never rejects.
   */
  getOrLoad(
    key: string,
    load: (signal: AbortSignal) => Promise<Uint8Array | undefined>,
    options?: LoadOptions,
  ): Promise<Uint8Array | undefined>;
  stats(): TieredCacheStats;
  /**
   * Waits for pending writes, at most `timeoutMs` for each. The tiers stay open, because their owners close
   * them.
   */
  close(): Promise<void>;
}
