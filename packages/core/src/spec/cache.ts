import type { CallOptions, Closable } from "./call-options.ts";
import type { Health } from "./health.ts";

/** Options of {@link Cache.setMany}. */
export interface CacheSetOptions extends CallOptions {
  /** How long the cache may serve the values, in milliseconds. It may drop them earlier. 0 or less deletes
   * the keys.
   * @default the cache's own */
  readonly ttlMs?: number | undefined;
}

/** Counters since the cache was made. A hit rate is `hits / (hits + misses)`. */
export interface CacheStats {
  readonly hits: number;
  /** Requested keys that were not found. Failures count as misses. */
  readonly misses: number;
  /** Calls that failed for some or all keys. Their keys count as misses. */
  readonly errors: number;
  /** Values that were dropped to make room. Undefined if the cache does not know. */
  readonly evictions?: number | undefined;
  /** Bytes held now. Undefined if the cache does not know. */
  readonly bytes?: number | undefined;
  /** Values held now. Undefined if the cache does not know. */
  readonly entries?: number | undefined;
}

/**
 * Stores bytes by key. A cache fails open: every failure is a counted miss. Only an abort, or an argument of
 * the wrong type, rejects. After `close`, every key is a miss and every call counts as an error, so running
 * requests still complete. A failed cache may keep values that were replaced or deleted in the meantime.
 * Therefore use a new key for each state of a value.
 */
export interface Cache extends Closable {
  /** True: each value of `getMany` was compared with a checksum, and is in memory of the caller alone that
   * begins at a multiple of 8 bytes. The caller may change it and need not check or copy it.
   * @default false */
  readonly freshValues?: boolean | undefined;
  /**
   * Returns the values in the order of `keys`, and undefined for each miss. Do not change the values unless
   * `freshValues` is true: an in-process cache may return its own memory. A returned value never changes, even if its key is set again
   * or deleted.
   */
  getMany(keys: readonly string[], options?: CallOptions): Promise<readonly (Uint8Array | undefined)[]>;
  /** Stores copies of the values. If a value is too large for the cache, its key is deleted instead. */
  setMany(
    entries: readonly (readonly [key: string, value: Uint8Array])[],
    options?: CacheSetOptions,
  ): Promise<void>;
  /** Deletes these keys. A missing key is not an error. */
  deleteMany(keys: readonly string[], options?: CallOptions): Promise<void>;
  /** Returns a copy of the current counters. Does no I/O and works after `close`. */
  stats(): CacheStats;
  /** Sends a real request to the cache. Resolves with `down` if the cache fails. */
  health(options?: CallOptions): Promise<Health>;
}
