import type { CallOptions } from "@binnacle/core";
import { abortable, createDeadline } from "@binnacle/core/kit";
import { entryFromBytes, entryToBytes, type TierEntry } from "./tier-entry.ts";
import type { ParsedTieredCacheOptions } from "./tiered-cache-options.ts";

/** An entry under its key. */
export type KeyedEntry = readonly [key: string, entry: TierEntry];

/**
 * Reads entries from two caches and writes to both. The far cache has a time limit. Only an abort rejects.
 */
export class Tiers {
  readonly near = { hits: 0, misses: 0 };
  readonly far = { hits: 0, misses: 0 };
  promotions = 0;
  /** Number of calls of a tier that took too long, or rejected although its contract forbids that. */
  errors = 0;
  readonly #options: ParsedTieredCacheOptions;

  constructor(options: ParsedTieredCacheOptions) {
    this.#options = options;
  }

  isFresh(entry: TierEntry | undefined): entry is TierEntry {
    return entry !== undefined && entry.freshUntil > this.#options.clock.now();
  }

  /**
   * Returns the entries in the keys' order, fresh or stale. The far tier is asked for keys without a fresh
   * entry.
   */
  async find(keys: readonly string[], call: CallOptions): Promise<readonly (TierEntry | undefined)[]> {
    const near = await this.findNear(keys, call);
    const wanted = keys.filter((_, index) => !this.isFresh(near[index]));
    const far = await this.findFar(wanted, call);
    let next = 0;
    return near.map((entry) => (this.isFresh(entry) ? entry : (far[next++] ?? entry)));
  }

  /** Returns the far tier's entries in the keys' order. Copies fresh entries to the near tier. */
  async findFar(keys: readonly string[], call: CallOptions): Promise<readonly (TierEntry | undefined)[]> {
    if (keys.length === 0) return [];
    const values = await this.#askFar((options) => this.#options.far.getMany(keys, options), call);
    const promoted: KeyedEntry[] = [];
    const found = keys.map((key, index) => {
      const entry = entryOf(values?.[index]);
      this.far[entry === undefined ? "misses" : "hits"] += 1;
      if (this.isFresh(entry)) promoted.push([key, entry]);
      return entry;
    });
    this.promotions += promoted.length;
    await this.storeNear(promoted, this.#options.nearTtlMs, call);
    return found;
  }

  async findNear(keys: readonly string[], call: CallOptions): Promise<readonly (TierEntry | undefined)[]> {
    const values = await this.#askNear((options) => this.#options.near.getMany(keys, options), call);
    return keys.map((_, index) => {
      const entry = entryOf(values?.[index]);
      this.near[entry === undefined ? "misses" : "hits"] += 1;
      return entry;
    });
  }

  /** Stores entries in the near tier. `ttlMs` includes the stale time and is cut to `nearTtlMs`. */
  async storeNear(entries: readonly KeyedEntry[], ttlMs: number, call: CallOptions): Promise<void> {
    if (entries.length === 0) return;
    const bytes = entries.map(toBytes);
    const nearTtlMs = Math.min(ttlMs, this.#options.nearTtlMs);
    await this.#askNear(
      (options) => this.#options.near.setMany(bytes, { ...options, ttlMs: nearTtlMs }),
      call,
    );
  }

  async storeFar(entries: readonly KeyedEntry[], ttlMs: number, call: CallOptions): Promise<void> {
    const bytes = entries.map(toBytes);
    await this.#askFar((options) => this.#options.far.setMany(bytes, { ...options, ttlMs }), call);
  }

  async remove(keys: readonly string[], call: CallOptions): Promise<void> {
    await this.#askNear((options) => this.#options.near.deleteMany(keys, options), call);
    await this.#askFar((options) => this.#options.far.deleteMany(keys, options), call);
  }

  async #askNear<T>(ask: (options: CallOptions) => Promise<T>, call: CallOptions): Promise<T | undefined> {
    // The caller's other options are not options of a cache.
    const { signal, deadlineAt, traceparent } = call;
    try {
      return await ask({ signal, deadlineAt, traceparent });
    } catch {
      return this.#failed(signal);
    }
  }

  async #askFar<T>(ask: (options: CallOptions) => Promise<T>, call: CallOptions): Promise<T | undefined> {
    const { signal, deadlineAt, traceparent } = call;
    const totalMs = this.#options.timeoutMs;
    using deadline = createDeadline({ label: "createTieredCache", signal, deadlineAt, totalMs });
    try {
      return await abortable(ask({ signal, deadlineAt: deadline.deadlineAt, traceparent }), deadline.signal);
    } catch {
      return this.#failed(signal);
    }
  }

  /** Counts a failure. The tier's own counters and health report the cause. */
  #failed(signal: AbortSignal | undefined): undefined {
    signal?.throwIfAborted();
    this.errors += 1;
    return undefined;
  }
}

function toBytes([key, entry]: KeyedEntry): readonly [string, Uint8Array] {
  return [key, entryToBytes(entry)];
}

function entryOf(bytes: Uint8Array | undefined): TierEntry | undefined {
  return bytes === undefined ? undefined : entryFromBytes(bytes);
}
