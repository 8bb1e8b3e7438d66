import type { CacheSetOptions, CallOptions, Health } from "@binnacle/core";
import { checkCacheEntries, checkCacheKeys } from "@binnacle/core/kit";
import { Loader, type Load } from "./loader.ts";
import {
  parseTieredCacheOptions,
  type ParsedTieredCacheOptions,
  type TieredCacheOptions,
} from "./tiered-cache-options.ts";
import type { LoadOptions, TieredCache, TieredCacheStats } from "./tiered-cache.ts";
import { Tiers } from "./tiers.ts";

/**
 * Creates a cache that puts `near` before `far`, without any I/O. Throws a `ConfigurationError` if an option
 * is wrong.
 */
export function createTieredCache(options: TieredCacheOptions): TieredCache {
  return new TwoTiers(parseTieredCacheOptions(options));
}

class TwoTiers implements TieredCache {
  readonly #options: ParsedTieredCacheOptions;
  readonly #tiers: Tiers;
  readonly #loader: Loader;
  readonly #counts = { hits: 0, misses: 0, errors: 0 };
  #isClosed = false;

  constructor(options: ParsedTieredCacheOptions) {
    this.#options = options;
    this.#tiers = new Tiers(options);
    this.#loader = new Loader(options, this.#tiers);
  }

  async getMany(
    keys: readonly string[],
    options: CallOptions = {},
  ): Promise<readonly (Uint8Array | undefined)[]> {
    checkCacheKeys("getMany", keys, options);
    options.signal?.throwIfAborted();
    if (this.#isClosed) this.#counts.errors += 1;
    const entries = this.#isClosed || keys.length === 0 ? [] : await this.#tiers.find(keys, options);
    const found = keys.map((_, index) => {
      const entry = entries[index];
      return this.#tiers.isFresh(entry) ? entry.value : undefined;
    });
    const hits = found.reduce((count, value) => count + (value === undefined ? 0 : 1), 0);
    this.#counts.hits += hits;
    this.#counts.misses += keys.length - hits;
    return found;
  }

  async setMany(
    entries: readonly (readonly [key: string, value: Uint8Array])[],
    options: CacheSetOptions = {},
  ): Promise<void> {
    checkCacheEntries(entries, options);
    const { ttlMs = this.#options.ttlMs, ...call } = options;
    const keys = entries.map(([key]) => key);
    if (!(ttlMs > 0)) return this.deleteMany(keys, call);
    if (!this.#begin(keys, call)) return;
    const freshUntil = this.#options.clock.now() + ttlMs;
    const stored = entries.map(([key, value]) => [key, { value, freshUntil, costMs: 0 }] as const);
    await this.#tiers.storeNear(stored, ttlMs, call);
    await this.#tiers.storeFar(stored, ttlMs, call);
  }

  async deleteMany(keys: readonly string[], options: CallOptions = {}): Promise<void> {
    checkCacheKeys("deleteMany", keys, options);
    if (this.#begin(keys, options)) await this.#tiers.remove(keys, options);
  }

  async getOrLoad(key: string, load: Load, options: LoadOptions = {}): Promise<Uint8Array | undefined> {
    options.signal?.throwIfAborted();
    if (this.#isClosed) this.#counts.errors += 1;
    return this.#loader.get(key, load, options);
  }

  stats(): TieredCacheStats {
    const { near, far, promotions, errors } = this.#tiers;
    const { hits, misses, ...loading } = this.#loader.counts;
    return {
      hits: this.#counts.hits + hits,
      misses: this.#counts.misses + misses,
      errors: this.#counts.errors + errors,
      near: { ...near },
      far: { ...far },
      promotions,
      ...loading,
      dropped: this.#loader.writes.dropped,
    };
  }

  /** Reports the health of both tiers. If only one tier is down, the cache is degraded. */
  async health(options?: CallOptions): Promise<Health> {
    options?.signal?.throwIfAborted();
    if (this.#isClosed) return { status: "down", latencyMs: 0, detail: "the cache is closed" };
    const { near: nearTier, far: farTier } = this.#options;
    const [near, far] = await Promise.all([nearTier.health(options), farTier.health(options)]);
    const latencyMs = Math.max(near.latencyMs, far.latencyMs);
    const detail = `near: ${near.detail ?? near.status}; far: ${far.detail ?? far.status}`;
    if (near.status === "ok" && far.status === "ok") return { status: "ok", latencyMs, detail };
    const isDown = near.status === "down" && far.status === "down";
    return { status: isDown ? "down" : "degraded", latencyMs, detail };
  }

  close(): Promise<void> {
    this.#isClosed = true;
    return this.#loader.close();
  }

  /** Closes the cache, as `close()` does. */
  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  /**
   * Prepares a change of these keys. Returns false if there is nothing to do, since the cache is closed or
   * has no keys.
   */
  #begin(keys: readonly string[], { signal }: CallOptions): boolean {
    signal?.throwIfAborted();
    if (keys.length === 0) return false;
    if (this.#isClosed) this.#counts.errors += 1;
    else for (const key of keys) this.#loader.supersede(key);
    return !this.#isClosed;
  }
}
