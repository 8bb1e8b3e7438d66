import {
  BinnacleError,
  type Cache,
  type CallOptions,
  type EmbedInput,
  type EmbedOptions,
  type EmbedResult,
  type Embedder,
  type EmbedderInfo,
  type VectorSpace,
} from "@binnacle/core";
import { abortable, createDeadline, parseOptions } from "@binnacle/core/kit";
import { z } from "zod";
import { EmbeddingKeys } from "./embedding-key.ts";
import { ReadOnlyVectors } from "./read-only-vectors.ts";
import { SharedEmbedding } from "./shared-embedding.ts";
import { UnderWay, type Place } from "./under-way.ts";
import { VectorCopies } from "./vector-copies.ts";
import type { VectorReader } from "./vector-reader.ts";

/** Options of {@link createCachedEmbedder}. */
export interface CachedEmbedderOptions {
  /** Where vectors are kept. It stays its owner's to close. */
  readonly cache: Cache;
  /** How long a vector may be served. @default the cache's own */
  readonly ttlMs?: number | undefined;
  /** Whose vectors these are: tenants that share a cache never see whether another has embedded a text. @default none */
  readonly tenant?: string | undefined;
  /**
   * Gives out vectors without copying them, which takes two thirds of the time of a hit, and more for wide vectors. Whoever
   * writes to one changes what others are given, so only where nobody does, as in an index or a retriever. A vector that was
   * written to as a whole counts as `corrupt` at its next hit and is embedded again; a few changed numbers may not be noticed.
   * @default false: each vector is the caller's own
   */
  readonly readOnlyVectors?: boolean | undefined;
  /**
   * Bytes of memory for texts whose keys are known, so that a text that comes again is compared instead of hashed. Within
   * this embedder alone, and gone when it is closed; 0 keeps no text. @default 8 MiB: about 3,700 texts of 1,000 characters
   */
  readonly maxRememberedBytes?: number | undefined;
}

/** Counters since the embedder was made. `hits + misses + shared` is the number of inputs that were looked up. */
export interface CachedEmbedderStats {
  /** Inputs whose vectors came from the cache. */
  readonly hits: number;
  /** Distinct inputs of a call that the model was asked for. */
  readonly misses: number;
  /** Inputs equal to one that the model was asked for in the same call, or to one that another call had under way. */
  readonly shared: number;
  /** Values that were damaged, written to or of another format; each is among the misses. */
  readonly corrupt: number;
  /** Calls that the cache rejected, against its promise; the model was asked instead. */
  readonly cacheErrors: number;
}

/** An embedder that asks the model only for what it has not embedded before. */
export interface CachedEmbedder extends Embedder {
  /** A copy of the counters as they are now. */
  stats(): CachedEmbedderStats;
  /** Waits for the vectors that are being stored. The embedder inside and the cache stay open: they are their owners'. */
  close(): Promise<void>;
}

const defaultRememberedBytes = 8 * 1024 * 1024;

const schema = z.strictObject({
  cache: z.custom<Cache>((value) => typeof value === "object" && value !== null, "expected a Cache"),
  ttlMs: z.number().positive().optional(),
  tenant: z.string().min(1).optional(),
  readOnlyVectors: z.boolean().optional(),
  maxRememberedBytes: z.int().nonnegative().optional(),
});

/**
 * Puts a cache in front of an embedder, for queries and documents alike. Equal inputs, in one call or in many at once,
 * cost one call of the model. Failures are not cached, and a failing cache costs no more than a call of the model. The
 * `usage` of a result is what this call cost, so it is nothing for vectors from the cache.
 */
export function createCachedEmbedder(embedder: Embedder, options: CachedEmbedderOptions): CachedEmbedder {
  return new CachingEmbedder(embedder, parseOptions("createCachedEmbedder", schema, options));
}

class CachingEmbedder implements CachedEmbedder {
  readonly #embedder: Embedder;
  readonly #options: CachedEmbedderOptions;
  readonly #keys: EmbeddingKeys;
  readonly #reader: VectorReader;
  readonly #underWay = new UnderWay();
  readonly #writing = new Set<Promise<void>>();
  #stats: CachedEmbedderStats = { hits: 0, misses: 0, shared: 0, corrupt: 0, cacheErrors: 0 };
  #isClosed = false;

  constructor(embedder: Embedder, options: CachedEmbedderOptions) {
    this.#embedder = embedder;
    this.#options = options;
    this.#keys = new EmbeddingKeys(options.maxRememberedBytes ?? defaultRememberedBytes);
    this.#reader = options.readOnlyVectors === true ? new ReadOnlyVectors() : new VectorCopies();
  }

  async describe(options?: CallOptions): Promise<EmbedderInfo> {
    this.#assertOpen();
    return await this.#embedder.describe(options);
  }

  async embed(inputs: readonly EmbedInput[], options: EmbedOptions): Promise<EmbedResult> {
    this.#assertOpen();
    options.signal?.throwIfAborted();
    if (inputs.length === 0) return await this.#embedder.embed(inputs, options);
    try {
      return await this.#embed(inputs, options);
    } catch (error) {
      // Another model behind the same address: the keys were of a space that is no more.
      if (!BinnacleError.isInstance(error) || error.code !== "space_changed") throw error;
      return await this.#embed(inputs, options);
    }
  }

  stats(): CachedEmbedderStats {
    return this.#stats;
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    this.#keys.clear();
    await Promise.all(this.#writing);
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  async #embed(inputs: readonly EmbedInput[], options: EmbedOptions): Promise<EmbedResult> {
    const { space } = await this.#embedder.describe(options);
    const { tenant } = this.#options;
    const keys = this.#keys.of(inputs, { tenant, spaceId: space.id, role: options.role });
    // There is no wait from here until the keys are entered, so two callers can never both start on one.
    const joined = this.#underWay.findAll(keys);
    const isOwn = (_: unknown, index: number): boolean => !joined.has(index);
    const own = this.#start(keys.filter(isOwn), inputs.filter(isOwn), space, options);
    this.#count({ shared: joined.size });
    await settled(own, joined, options);
    let owned = 0;
    const outcomes = inputs.map((_, index) => {
      const { source, slot } = joined.get(index) ?? { source: own, slot: owned++ };
      return source.outcome(slot);
    });
    return { spaceId: space.id, outcomes, usage: await own.usage() };
  }

  #start(
    keys: readonly string[],
    inputs: readonly EmbedInput[],
    space: VectorSpace,
    { role, traceparent }: EmbedOptions,
  ): SharedEmbedding {
    const { cache, ttlMs } = this.#options;
    const started = new SharedEmbedding(keys, inputs, {
      embedder: this.#embedder,
      cache,
      reader: this.#reader,
      isReadOnly: this.#options.readOnlyVectors === true,
      ttlMs,
      space,
      role,
      traceparent,
      onRelease: (source, released) => this.#underWay.release(source, released),
      onLookup: (counts) => this.#count(counts),
      onCacheError: () => this.#count({ cacheErrors: 1 }),
    });
    this.#underWay.add(started);
    this.#writing.add(started.written);
    void started.written.then(() => this.#writing.delete(started.written));
    return started;
  }

  #count(more: Partial<CachedEmbedderStats>): void {
    const { hits, misses, shared, corrupt, cacheErrors } = this.#stats;
    this.#stats = {
      hits: hits + (more.hits ?? 0),
      misses: misses + (more.misses ?? 0),
      shared: shared + (more.shared ?? 0),
      corrupt: corrupt + (more.corrupt ?? 0),
      cacheErrors: cacheErrors + (more.cacheErrors ?? 0),
    };
  }

  #assertOpen(): void {
    if (this.#isClosed) throw new BinnacleError("closed", "createCachedEmbedder: the embedder is closed");
  }
}

/** Waits until all outcomes are there, but only as long as this caller may; what others wait for goes on without it. */
async function settled(
  own: SharedEmbedding,
  joined: ReadonlyMap<number, Place>,
  { signal, deadlineAt }: EmbedOptions,
): Promise<void> {
  const sources = new Set([own, ...[...joined.values()].map(({ source }) => source)]);
  for (const source of sources) source.join();
  const deadline = createDeadline({ label: "createCachedEmbedder", signal, deadlineAt });
  let reason: unknown;
  try {
    const all = [own.settled(), ...[...joined.values()].map(({ source, slot }) => source.settled(slot))];
    await abortable(Promise.all(all), deadline.signal);
  } catch (error) {
    reason = error;
    throw error;
  } finally {
    for (const source of sources) source.leave(reason);
    deadline[Symbol.dispose]();
  }
}
