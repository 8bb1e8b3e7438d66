import { TimeoutError } from "@binnacle/core";
import { BackgroundWrites, createSingleFlight, type SingleFlight } from "@binnacle/core/kit";
import { isRefreshDue } from "./is-refresh-due.ts";
import type { TierEntry } from "./tier-entry.ts";
import type { ParsedTieredCacheOptions, TieredCacheEvent } from "./tiered-cache-options.ts";
import type { LoadOptions } from "./tiered-cache.ts";
import type { Tiers } from "./tiers.ts";

/** Loads the value of a key. Resolves to undefined if the key has no value. */
export type Load = (signal: AbortSignal) => Promise<Uint8Array | undefined>;

/** The load that a call requests, and the times for its value in milliseconds. */
interface Wanted {
  readonly key: string;
  readonly load: Load;
  readonly traceparent: string | undefined;
  readonly ttlMs: number;
  readonly negativeTtlMs: number;
  readonly staleMs: number;
}

/**
 * Finds values in two tiers or loads them, once for all concurrent callers. It refreshes early and serves
 * stale values if a load fails.
 */
export class Loader {
  readonly counts = { hits: 0, misses: 0, loads: 0, shared: 0, refreshes: 0, stale: 0 };
  readonly writes: BackgroundWrites;
  readonly #options: ParsedTieredCacheOptions;
  readonly #tiers: Tiers;
  readonly #flights: SingleFlight<Uint8Array | undefined> = createSingleFlight("createTieredCache");
  /**
   * The running load of each key whose result may be stored. A key that is set or deleted meanwhile is
   * removed.
   */
  readonly #loading = new Map<string, symbol>();
  /** The stale entries of keys that are loading, for callers whose deadline passes. */
  readonly #stale = new Map<string, TierEntry>();
  #isClosed = false;

  constructor(options: ParsedTieredCacheOptions, tiers: Tiers) {
    this.#options = options;
    this.#tiers = tiers;
    this.writes = new BackgroundWrites(options.maxPendingBytes);
  }

  async get(key: string, load: Load, options: LoadOptions): Promise<Uint8Array | undefined> {
    const wanted = this.#wanted(key, load, options);
    const [near] = this.#isClosed ? [] : await this.#tiers.findNear([key], options);
    if (this.#tiers.isFresh(near)) return this.#hit(near, wanted);
    if (this.#flights.isUnderWay(key)) this.counts.shared += 1;
    try {
      return await this.#flights.run(key, (signal) => this.#findOrLoad(wanted, near, signal), options);
    } catch (error) {
      options.signal?.throwIfAborted();
      const stale = TimeoutError.isInstance(error) ? this.#stale.get(key) : undefined;
      if (stale === undefined) throw error;
      return this.#serveStale(key, stale, error);
    }
  }

  /** Marks a key as changed. A load that began before is then neither stored nor shared. */
  supersede(key: string): void {
    this.#loading.delete(key);
    this.#stale.delete(key);
    this.#flights.forget(key);
  }

  /** Stops storing values and waits for pending writes. */
  async close(): Promise<void> {
    this.#isClosed = true;
    await this.writes.settled();
  }

  #wanted(key: string, load: Load, { traceparent, ...times }: LoadOptions): Wanted {
    const { ttlMs, negativeTtlMs, staleMs } = this.#options;
    return {
      key,
      load,
      traceparent,
      ttlMs: times.ttlMs ?? ttlMs,
      negativeTtlMs: times.negativeTtlMs ?? negativeTtlMs,
      staleMs: times.staleMs ?? staleMs,
    };
  }

  #hit(entry: TierEntry, wanted: Wanted): Uint8Array | undefined {
    this.counts.hits += 1;
    const { clock, refreshBeta: beta, random } = this.#options;
    if (isRefreshDue(entry, { now: clock.now(), beta, random: random() })) this.#refresh(wanted);
    return entry.value;
  }

  /** Looks into the far tier and loads if necessary, once for all concurrent callers. */
  async #findOrLoad(
    wanted: Wanted,
    near: TierEntry | undefined,
    signal: AbortSignal,
  ): Promise<Uint8Array | undefined> {
    const { key, staleMs, traceparent } = wanted;
    const [far] = this.#isClosed ? [] : await this.#tiers.findFar([key], { signal, traceparent });
    if (this.#tiers.isFresh(far)) return this.#hit(far, wanted);
    this.counts.misses += 1;
    const old = far ?? near;
    const isServable = old?.value !== undefined && old.freshUntil + staleMs > this.#options.clock.now();
    if (isServable) this.#stale.set(key, old);
    try {
      return await this.#load(wanted, signal);
    } catch (error) {
      signal.throwIfAborted();
      if (!isServable) throw error;
      return this.#serveStale(key, old, error);
    } finally {
      if (this.#stale.get(key) === old) this.#stale.delete(key);
    }
  }

  async #load(wanted: Wanted, signal: AbortSignal): Promise<Uint8Array | undefined> {
    const { key } = wanted;
    const { clock } = this.#options;
    const mark = Symbol(key);
    this.#loading.set(key, mark);
    this.counts.loads += 1;
    const startedAt = clock.monotonicNow();
    try {
      const value = await wanted.load(signal);
      const mayStore = this.#loading.get(key) === mark && !this.#isClosed;
      if (mayStore) await this.#keep(wanted, value, clock.monotonicNow() - startedAt);
      return value;
    } finally {
      if (this.#loading.get(key) === mark) this.#loading.delete(key);
    }
  }

  async #keep(
    { key, ttlMs, negativeTtlMs, staleMs }: Wanted,
    value: Uint8Array | undefined,
    costMs: number,
  ): Promise<void> {
    const freshMs = value === undefined ? negativeTtlMs : ttlMs;
    if (!(freshMs > 0)) return;
    const heldMs = value === undefined ? freshMs : freshMs + staleMs;
    const stored = [[key, { value, freshUntil: this.#options.clock.now() + freshMs, costMs }]] as const;
    await this.#tiers.storeNear(stored, heldMs, {});
    this.writes.add(value?.byteLength ?? 0, () => this.#tiers.storeFar(stored, heldMs, {}));
  }

  #refresh(wanted: Wanted): void {
    const { key } = wanted;
    if (this.#flights.isUnderWay(key) || this.#isClosed) return;
    this.counts.refreshes += 1;
    const refreshed = this.#flights.run(key, (signal) => this.#load(wanted, signal));
    refreshed.catch((error: unknown) => this.#emit({ type: "refresh_failed", key, error }));
  }

  #serveStale(key: string, stale: TierEntry, error: unknown): Uint8Array | undefined {
    this.counts.stale += 1;
    this.#emit({ type: "stale_served", key, error });
    return stale.value;
  }

  // The listener runs in a microtask, so that a listener that throws does not fail the call.
  #emit(event: TieredCacheEvent): void {
    const { onEvent } = this.#options;
    if (onEvent !== undefined) queueMicrotask(() => onEvent(event));
  }
}
