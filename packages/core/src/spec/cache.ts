import type { CallOptions, Closable } from "./call-options.ts";
import type { Health } from "./health.ts";

/** Options of {@link Cache.setMany}. */
export interface CacheSetOptions extends CallOptions {
  /** How long the values may be served, in milliseconds. The cache may forget them earlier. 0 and less forget the keys.
   * @default the cache's own */
  readonly ttlMs?: number | undefined;
}

/** Counters since the cache was made. A hit rate is `hits / (hits + misses)`. */
export interface CacheStats {
  readonly hits: number;
  /** Keys asked for and not found, failures included. */
  readonly misses: number;
  /** Calls that failed, as a whole or for some keys, and were answered with misses. */
  readonly errors: number;
  /** Values dropped to make room. Undefined if the cache cannot tell. */
  readonly evictions?: number | undefined;
  /** Bytes held now. Undefined if the cache cannot tell. */
  readonly bytes?: number | undefined;
  /** Values held now. Undefined if the cache cannot tell. */
  readonly entries?: number | undefined;
}

/**
 * Bytes by key. A cache fails open: every failure is a counted miss, and only an abort rejects. After `close` every key
 * is a miss and every call a counted error, so a request that is still under way ends well. A cache that fails may
 * keep a value that was replaced or deleted meanwhile, so give each state of a value a key of its own.
 */
export interface Cache extends Closable {
  /**
   * Values in the order asked; undefined for a miss. Only read them: a cache in this process may return its own memory.
   * A returned value never changes, also if its key is set again or deleted.
   */
  getMany(keys: readonly string[], options?: CallOptions): Promise<readonly (Uint8Array | undefined)[]>;
  /** Stores copies. A value that is too large for the cache is not stored, and its key is forgotten. */
  setMany(
    entries: readonly (readonly [key: string, value: Uint8Array])[],
    options?: CacheSetOptions,
  ): Promise<void>;
  /** Forgets these keys. A missing key is no failure. */
  deleteMany(keys: readonly string[], options?: CallOptions): Promise<void>;
  /** A copy of the counters as they are now. Does no I/O and works after `close`. */
  stats(): CacheStats;
  /** Really asks the cache. Resolves with `down` rather than rejecting. */
  health(options?: CallOptions): Promise<Health>;
}
