import type { Cache, CacheSetOptions, CacheStats } from "@binnacle/core";

/** Options of {@link TieredCache.getOrLoad}. `ttlMs` is the time of a value that was loaded. */
export interface LoadOptions extends CacheSetOptions {
  /** How long "there is nothing" is remembered, in milliseconds. 0 does not remember it. @default the cache's own */
  readonly negativeTtlMs?: number | undefined;
  /** How long after its time a value may be served if loading fails, in milliseconds. @default the cache's own */
  readonly staleMs?: number | undefined;
}

/** Counters since the cache was made; those that both tiers keep of themselves are in their own `stats()`. */
export interface TieredCacheStats extends CacheStats {
  /** Keys that the near tier answered, "there is nothing" included, and keys that it did not have. */
  readonly near: { readonly hits: number; readonly misses: number };
  /** The same for the far tier, which is only asked for what the near tier did not have. */
  readonly far: { readonly hits: number; readonly misses: number };
  /** Values copied from the far tier to the near one. */
  readonly promotions: number;
  /** Runs of a loader. */
  readonly loads: number;
  /** Callers that waited for a load which another caller had begun. */
  readonly shared: number;
  /** Loads begun before a value's time was over. They are among `loads`. */
  readonly refreshes: number;
  /** Values served after their time because loading failed. */
  readonly stale: number;
  /** Values not written to the far tier because too many bytes waited to be written. */
  readonly dropped: number;
}

/**
 * A small fast cache before a large shared one. As a `Cache`, it looks in both and writes to both. `getOrLoad` adds what
 * needs to know how a value is made: one load for all who ask, "there is nothing", early refresh, stale values.
 *
 * Another process may have deleted or replaced a value, so the near tier holds each for `nearTtlMs` at most. Within that
 * time, and while the far tier is down, this process may see the value of before.
 */
export interface TieredCache extends Cache {
  /**
   * The value of the key, from a tier or from `load`. Equal keys that are asked for at the same time cost one load in this
   * process. `load` may resolve to undefined: there is nothing, which is remembered for a while. Rejects with what
   * `load` rejected with, unless a stale value is there; and with the signal's reason. A failing tier never rejects.
   */
  getOrLoad(
    key: string,
    load: (signal: AbortSignal) => Promise<Uint8Array | undefined>,
    options?: LoadOptions,
  ): Promise<Uint8Array | undefined>;
  stats(): TieredCacheStats;
  /** Waits for what is being written, within the far tier's own deadline. The tiers stay open: they are their owners'. */
  close(): Promise<void>;
}
