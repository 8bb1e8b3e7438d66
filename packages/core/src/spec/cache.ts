import type { CallOptions, Closable } from "./call-options.ts";
import type { Health } from "./health.ts";

/** Options of {@link Cache.setMany}. */
export interface CacheSetOptions extends CallOptions {
  /** How long the values may be served. @default the cache's own */
  readonly ttlMs?: number | undefined;
}

/** Counters since the cache was made. */
export interface CacheStats {
  readonly hits: number;
  /** Keys asked for and not found, failures included. */
  readonly misses: number;
  /** Operations that failed and were answered as misses. */
  readonly errors: number;
  /** Values dropped to make room. */
  readonly evictions: number;
  /** Bytes held now, where the cache can tell. */
  readonly bytes?: number | undefined;
  /** Values held now, where the cache can tell. */
  readonly entries?: number | undefined;
}

/**
 * Bytes by key. It fails open: whatever goes wrong is a counted miss, and only an abort rejects. After `close` every key
 * is a miss and every call a counted error, so that a request still under way is not hurt.
 */
export interface Cache extends Closable {
  /** Values in the order asked; undefined for a miss. They are to be read, never written to or transferred: a cache in this process may
   * return its own memory. What was once returned stays as it is, whatever becomes of its key. */
  getMany(keys: readonly string[], options?: CallOptions): Promise<readonly (Uint8Array | undefined)[]>;
  /** Stores copies; a value that is too large for the cache is not stored. */
  setMany(
    entries: readonly (readonly [key: string, value: Uint8Array])[],
    options?: CacheSetOptions,
  ): Promise<void>;
  /** Forgets these keys; those that are not there do not matter. */
  deleteMany(keys: readonly string[], options?: CallOptions): Promise<void>;
  /** A copy of the counters as they are now; no I/O, and still there after `close`. */
  stats(): CacheStats;
  /** Really asks the cache. Resolves with `down` rather than rejecting. */
  health(options?: CallOptions): Promise<Health>;
}
