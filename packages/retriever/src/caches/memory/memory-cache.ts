import type { Cache, CacheSetOptions, CacheStats, CallOptions, Health } from "@binnacle/core";
import { checkCacheEntries, checkCacheKeys } from "@binnacle/core/kit";
import { parseMemoryCacheOptions, type MemoryCacheOptions } from "./memory-cache-options.ts";
import { RecencyList, type Linked } from "./recency-list.ts";

export type { MemoryCacheOptions } from "./memory-cache-options.ts";

/**
 * The overhead of an entry beside its key and value. Map slot, entry object, typed array and array buffer
 * take about 350 bytes of heap (100 000 entries on Node 24). The rest is the allocator's overhead for the
 * value.
 */
const entryOverheadBytes = 512;

interface Entry extends Linked<Entry> {
  readonly key: string;
  readonly value: Uint8Array;
  readonly bytes: number;
  readonly expiresAt: number;
}

/** A cache in this process with a limit in bytes. It evicts the least recently used values to make room. */
export class MemoryCache implements Cache {
  readonly #maxBytes: number;
  readonly #ttlMs: number;
  readonly #clock: () => number;
  readonly #entries = new Map<string, Entry>();
  readonly #recency = new RecencyList<Entry>();
  #bytes = 0;
  #hits = 0;
  #misses = 0;
  #errors = 0;
  #evictions = 0;
  #closed = false;

  /** Throws a `ConfigurationError` if an option is wrong. */
  constructor(options: MemoryCacheOptions = {}) {
    const { maxBytes, ttlMs, clock } = parseMemoryCacheOptions(options);
    this.#maxBytes = maxBytes;
    this.#ttlMs = ttlMs;
    this.#clock = clock;
  }

  async getMany(
    keys: readonly string[],
    options?: CallOptions,
  ): Promise<readonly (Uint8Array | undefined)[]> {
    checkCacheKeys("getMany", keys, options);
    options?.signal?.throwIfAborted();
    if (this.#closed) this.#errors += 1;
    const now = this.#clock();
    return keys.map((key) => this.#get(key, now));
  }

  async setMany(
    entries: readonly (readonly [key: string, value: Uint8Array])[],
    options?: CacheSetOptions,
  ): Promise<void> {
    checkCacheEntries(entries, options);
    options?.signal?.throwIfAborted();
    if (this.#closed) {
      this.#errors += 1;
      return;
    }
    const ttlMs = options?.ttlMs ?? this.#ttlMs;
    const expiresAt = this.#clock() + ttlMs;
    for (const [key, value] of entries) {
      // The old value is outdated even if the new value is not stored.
      this.#drop(key);
      if (ttlMs > 0) this.#store(key, value, expiresAt);
    }
  }

  async deleteMany(keys: readonly string[], options?: CallOptions): Promise<void> {
    checkCacheKeys("deleteMany", keys, options);
    options?.signal?.throwIfAborted();
    if (this.#closed) this.#errors += 1;
    for (const key of keys) this.#drop(key);
  }

  stats(): CacheStats {
    return {
      hits: this.#hits,
      misses: this.#misses,
      errors: this.#errors,
      evictions: this.#evictions,
      bytes: this.#bytes,
      entries: this.#entries.size,
    };
  }

  async health(options?: CallOptions): Promise<Health> {
    options?.signal?.throwIfAborted();
    return this.#closed
      ? { status: "down", latencyMs: 0, detail: "the cache is closed" }
      : { status: "ok", latencyMs: 0 };
  }

  close(): Promise<void> {
    this.#closed = true;
    this.#entries.clear();
    this.#recency.clear();
    this.#bytes = 0;
    return Promise.resolve();
  }

  /** Closes the cache, as `close()` does. */
  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  #get(key: string, now: number): Uint8Array | undefined {
    const entry = this.#entries.get(key);
    if (entry === undefined || entry.expiresAt <= now) {
      this.#misses += 1;
      if (entry !== undefined) this.#drop(key);
      return undefined;
    }
    this.#hits += 1;
    this.#recency.touch(entry);
    return entry.value;
  }

  #store(key: string, value: Uint8Array, expiresAt: number): void {
    const bytes = 2 * key.length + value.byteLength + entryOverheadBytes;
    if (bytes > this.#maxBytes) return;
    for (let oldest; this.#bytes + bytes > this.#maxBytes && (oldest = this.#recency.oldest);) {
      this.#drop(oldest.key);
      this.#evictions += 1;
    }
    const entry: Entry = {
      key,
      value: new Uint8Array(value),
      bytes,
      expiresAt,
      older: undefined,
      newer: undefined,
    };
    this.#entries.set(key, entry);
    this.#recency.add(entry);
    this.#bytes += bytes;
  }

  #drop(key: string): void {
    const entry = this.#entries.get(key);
    if (entry === undefined) return;
    this.#entries.delete(key);
    this.#recency.remove(entry);
    this.#bytes -= entry.bytes;
  }
}
