import {
  BinnacleError,
  type Cache,
  type CacheSetOptions,
  type CacheStats,
  type CallOptions,
  type Health,
} from "@binnacle/core";
import type { Cluster, Redis } from "ioredis";
import { checkCacheEntries, checkCacheKeys } from "@binnacle/core/kit";
import { changeKeys, readKeys, type KeyChange, type Outcome } from "../link/redis-commands.ts";
import { redisKey } from "./redis-key.ts";
import { RedisLink } from "../link/redis-link.ts";
import { parseRedisOptions, type ParsedRedisOptions, type RedisCacheOptions } from "../redis-options.ts";
import { openValue, sealBytes, sealValue } from "./sealed-value.ts";
import { timeToLiveMs } from "./time-to-live.ts";
import { ValueCopies } from "./value-copies.ts";

export type { RedisCacheEvent } from "../redis-events.ts";
export type { RedisCacheOptions, RedisSentinelOptions, RedisTlsOptions } from "../redis-options.ts";

/** The assumed mean size of values, until values have been read. */
const firstValueBytes = 4 * 1024;
/** Bytes of a command on the wire without its key and value. */
const commandBytes = 64;

/**
 * A cache in Redis. It connects on first use and fails open: if the server is dead, hung, full or
 * misconfigured, calls count as misses and errors. No call waits longer than `timeoutMs`, and only an abort
 * rejects. `health()` and `onEvent` report the cause. A checksum covers each value and its key, and a value
 * with a wrong checksum is a miss.
 */
export class RedisCache implements Cache {
  readonly freshValues = true;
  readonly #options: ParsedRedisOptions;
  readonly #link: RedisLink;
  #hits = 0;
  #misses = 0;
  #errors = 0;
  #meanValueBytes = firstValueBytes;
  /** The error of the last write, if the server had no room for it. */
  #full: BinnacleError | undefined;

  /** Creates the client but does not connect. Throws a `ConfigurationError` if an option is wrong. */
  constructor(options: RedisCacheOptions) {
    this.#options = parseRedisOptions(options);
    this.#link = new RedisLink(this.#options);
  }

  async getMany(
    keys: readonly string[],
    options?: CallOptions,
  ): Promise<readonly (Uint8Array | undefined)[]> {
    checkCacheKeys("getMany", keys, options);
    options?.signal?.throwIfAborted();
    if (keys.length === 0) return [];
    const sent = keys.map((key) => redisKey(this.#options.prefix, key));
    const keyBytes = sent.reduce((sum, key) => sum + key.length + commandBytes, 0);
    const bytes = keyBytes + keys.length * this.#meanValueBytes;
    const outcomes: Outcome[] = [];
    await this.#run(bytes, (client) => readKeys(client, sent, outcomes), { outcomes, call: options });
    const copies = new ValueCopies(outcomes);
    const found = sent.map((key, index) => this.#opened(key, outcomes[index], copies));
    const hits = found.reduce((count, value) => count + (value === undefined ? 0 : 1), 0);
    this.#hits += hits;
    this.#misses += keys.length - hits;
    return found;
  }

  async setMany(
    entries: readonly (readonly [key: string, value: Uint8Array])[],
    options?: CacheSetOptions,
  ): Promise<void> {
    checkCacheEntries(entries, options);
    options?.signal?.throwIfAborted();
    if (entries.length === 0) return;
    const { maxValueBytes, ttlJitter } = this.#options;
    const ttlMs = options?.ttlMs ?? this.#options.ttlMs;
    // If a value is not stored, the old value is removed. The last value of a key in the call counts.
    const changes = new Map<string, Buffer | undefined>();
    for (const [key, value] of entries) {
      const sent = redisKey(this.#options.prefix, key);
      const isStorable = ttlMs > 0 && value.byteLength <= maxValueBytes;
      changes.set(sent, isStorable ? sealValue(sent, value) : undefined);
    }
    await this.#change([...changes], () => timeToLiveMs(ttlMs, ttlJitter, Math.random()), options);
  }

  async deleteMany(keys: readonly string[], options?: CallOptions): Promise<void> {
    checkCacheKeys("deleteMany", keys, options);
    options?.signal?.throwIfAborted();
    if (keys.length === 0) return;
    const sent = new Set(keys.map((key) => redisKey(this.#options.prefix, key)));
    await this.#change(
      Array.from(sent, (key): KeyChange => [key, undefined]),
      () => 1,
      options,
    );
  }

  /**
   * Returns the counters. `errors` counts calls that failed as a whole or in part. Bytes, entries and
   * evictions are left out, because the server may have other users.
   */
  stats(): CacheStats {
    return { hits: this.#hits, misses: this.#misses, errors: this.#errors };
  }

  async health(options?: CallOptions): Promise<Health> {
    options?.signal?.throwIfAborted();
    const startedAt = performance.now();
    const latencyMs = (): number => performance.now() - startedAt;
    try {
      const { servers, clusterIssue } = await this.#link.ask(options);
      const details = servers.map(({ detail }) => detail);
      const issues = [clusterIssue ?? [], this.#full?.message ?? []].flat();
      const detail = [...issues, ...details].join("; ");
      if (!servers.some(({ isAnswering }) => isAnswering))
        return { status: "down", latencyMs: latencyMs(), detail };
      const isWhole = issues.length === 0 && servers.every(({ isUsable }) => isUsable);
      return { status: isWhole ? "ok" : "degraded", latencyMs: latencyMs(), detail };
    } catch (error) {
      options?.signal?.throwIfAborted();
      if (!BinnacleError.isInstance(error)) throw error;
      return { status: "down", latencyMs: latencyMs(), detail: error.message };
    }
  }

  close(): Promise<void> {
    this.#link.close();
    return Promise.resolve();
  }

  /** Closes the cache, as `close()` does. */
  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  async #change(
    changes: readonly KeyChange[],
    ttlMs: () => number,
    call: CallOptions | undefined,
  ): Promise<void> {
    const bytes = changes.reduce(
      (sum, [key, value]) => sum + key.length + (value?.length ?? 0) + commandBytes,
      0,
    );
    const outcomes: Outcome[] = [];
    const failure = await this.#run(bytes, (client) => changeKeys(client, changes, { ttlMs, outcomes }), {
      outcomes,
      call,
    });
    if (failure?.code === "cache_full") this.#full = failure;
    else if (failure === undefined && changes.some(([, value]) => value !== undefined))
      this.#full = undefined;
  }

  /** Runs a command and counts a failure of some or all keys as one error. Only an abort rejects. */
  async #run(
    bytes: number,
    command: (client: Redis | Cluster) => Promise<void>,
    { outcomes, call }: { readonly outcomes: readonly Outcome[]; readonly call: CallOptions | undefined },
  ): Promise<BinnacleError | undefined> {
    const failure = await this.#failureOf(bytes, command, call);
    const failed = failure ?? outcomes.find((outcome) => outcome instanceof Error);
    if (failed === undefined) return undefined;
    this.#errors += 1;
    return failure ?? this.#link.report(failed);
  }

  async #failureOf(
    bytes: number,
    command: (client: Redis | Cluster) => Promise<void>,
    call: CallOptions | undefined,
  ): Promise<BinnacleError | undefined> {
    try {
      await this.#link.run(bytes, command, call);
      return undefined;
    } catch (error) {
      call?.signal?.throwIfAborted();
      if (!BinnacleError.isInstance(error)) throw error;
      return error;
    }
  }

  #opened(sentKey: string, outcome: Outcome, copies: ValueCopies): Uint8Array | undefined {
    if (!(outcome instanceof Uint8Array)) return undefined;
    this.#meanValueBytes += (outcome.byteLength - sealBytes - this.#meanValueBytes) / 16;
    return openValue(sentKey, outcome, copies);
  }
}
