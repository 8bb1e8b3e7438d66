import type { Cache, Closable, JsonValue, Metadata, Retriever, VectorStore } from "@binnacle/core";
import { hasMethods, parseOptions, part, once } from "@binnacle/core/kit";
import { z } from "zod";

/** A failure that did not fail the call. */
export type CachedRetrieverEvent =
  /** The collection's epoch could not be read, so the call was not cached. */
  | { readonly type: "epoch_failed"; readonly error: unknown }
  /** The cache rejected, although its contract forbids that. */
  | { readonly type: "cache_failed"; readonly error: unknown };

/** Options of {@link createCachedRetriever}. */
export interface CachedRetrieverOptions {
  /** The cache for the results. The caller closes it. */
  readonly cache: Cache;
  /** The store that the retriever searches. */
  readonly store: VectorStore;
  /** The collection that the retriever searches, which is the index's name. */
  readonly collection: string;
  /** The tenant whose points the retriever sees. Required exactly if the index requires tenants. */
  readonly tenant?: string | undefined;
  /**
   * Every setting that changes the retriever's results: mode, limit, thresholds, fusion, reranker, model. The
   * settings are part of every key, so retrievers with different settings never share a result.
   */
  readonly settings: { readonly [name: string]: JsonValue };
  /**
   * Milliseconds for which a result is kept. The limit only saves memory, because results of the same epoch
   * stay correct.
   * @default 3_600_000 (one hour)
   */
  readonly ttlMs?: number | undefined;
  /**
   * Maximum bytes of results that wait to be stored. Further results are not stored.
   * @default 16_777_216 (16 MiB)
   */
  readonly maxPendingBytes?: number | undefined;
  /** Called after a failure of the cache or the epoch. */
  readonly onEvent?: ((event: CachedRetrieverEvent) => void) | undefined;
}

/**
 * Counters since the retriever was created. The sum of `hits`, `misses`, `shared` and `uncached` is the
 * number of calls that did not abort before.
 */
export interface CachedRetrieverStats {
  /** Calls answered from the cache. */
  readonly hits: number;
  /** Calls that searched because the cache had no result. */
  readonly misses: number;
  /** Calls that shared the result of an equal call that was already running. */
  readonly shared: number;
  /** Calls that bypassed the cache, because the epoch could not be read or the options are not plain data. */
  readonly uncached: number;
  /** Cached values that were not valid results for their key. They count as misses too. */
  readonly corrupt: number;
  /** Calls of the cache that rejected, although its contract forbids that. */
  readonly cacheErrors: number;
}

/** A retriever that answers repeated questions from a cache until the collection changes. */
export interface CachedRetriever<M extends Metadata = Metadata, F extends Metadata = M>
  extends Retriever<M, F>, Closable {
  /** Returns a copy of the current counters. */
  stats(): CachedRetrieverStats;
  /** Waits until all results are stored. The inner retriever, the store and the cache stay open. */
  close(): Promise<void>;
}

const isFunction = (value: unknown): boolean => typeof value === "function";
const jsonValue: () => z.ZodType<JsonValue> = once(() => z.json());

const schema = once(() =>
  z.strictObject({
    cache: z.custom<Cache>((value) => hasMethods(value, ["getMany", "setMany"]), "expected a Cache"),
    store: z.custom<VectorStore>((value) => hasMethods(value, ["collection"]), "expected a VectorStore"),
    collection: z.string().min(1),
    tenant: z.string().min(1).optional(),
    settings: z.record(z.string(), jsonValue()),
    ttlMs: z
      .number()
      .positive()
      .default(60 * 60 * 1000),
    maxPendingBytes: z
      .int()
      .positive()
      .default(16 * 1024 * 1024),
    onEvent: z.custom<(event: CachedRetrieverEvent) => void>(isFunction, "expected a function").optional(),
  }),
);

/** The options of {@link createCachedRetriever} with defaults filled in. */
export type ParsedCachedRetrieverOptions = CachedRetrieverOptions & {
  readonly ttlMs: number;
  readonly maxPendingBytes: number;
};

const retrieverSchema = once(() =>
  z.strictObject({
    retriever: part<Retriever>(["retrieve"], "a Retriever, such as createRetriever({ store, index })"),
  }),
);

/** Throws a `ConfigurationError` unless the value is a retriever. */
export function checkRetriever(retriever: unknown): void {
  parseOptions("createCachedRetriever", retrieverSchema(), { retriever });
}

/** Checks the options and fills in defaults. Throws a `ConfigurationError` that lists every issue. */
export function parseCachedRetrieverOptions(options: CachedRetrieverOptions): ParsedCachedRetrieverOptions {
  return parseOptions("createCachedRetriever", schema(), options);
}
