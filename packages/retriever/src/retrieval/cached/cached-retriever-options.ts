import type { Cache, Closable, JsonValue, Metadata, Retriever, VectorStore } from "@binnacle/core";
import { hasMethods, parseOptions } from "@binnacle/core/kit";
import { z } from "zod";

/** Something an operator should know of. */
export type CachedRetrieverEvent =
  /** The collection's epoch could not be read, so nothing was cached. */
  | { readonly type: "epoch_failed"; readonly error: unknown }
  /** The cache rejected, against its promise. */
  | { readonly type: "cache_failed"; readonly error: unknown };

/** Options of {@link createCachedRetriever}. */
export interface CachedRetrieverOptions {
  /** Keeps the results. It stays its owner's to close. */
  readonly cache: Cache;
  /** The store that the retriever searches. */
  readonly store: VectorStore;
  /** The collection that it searches: the index's name. */
  readonly collection: string;
  /** The tenant that it is confined to. Required exactly where the index requires tenants. @default none */
  readonly tenant?: string | undefined;
  /**
   * All that changes the results of the retriever: mode, limit, thresholds, fusion, reranker, model. It
   * is part of every key, so retrievers that differ never share a result.
   */
  readonly settings: { readonly [name: string]: JsonValue };
  /** How long a result is kept, in milliseconds. It only bounds memory: an older result of the same epoch is still right.
   * @default 3_600_000 (one hour) */
  readonly ttlMs?: number | undefined;
  /** Most bytes of results that wait to be stored. Beyond, results are not stored. @default 16_777_216 (16 MiB) */
  readonly maxPendingBytes?: number | undefined;
  /** Hears of failures. @default none */
  readonly onEvent?: ((event: CachedRetrieverEvent) => void) | undefined;
}

/** Counters since the retriever was made. Their sum, without `corrupt` and `cacheErrors`, is the number of calls. */
export interface CachedRetrieverStats {
  /** Calls answered from the cache. */
  readonly hits: number;
  /** Calls that searched and whose result was to be stored. */
  readonly misses: number;
  /** Calls that waited for an equal call under way. */
  readonly shared: number;
  /** Calls that searched without the cache, because the epoch could not be read or the options are no plain data. */
  readonly uncached: number;
  /** Cached values that were no results of their key. They are among the misses. */
  readonly corrupt: number;
  /** Calls of the cache that rejected, against its promise. */
  readonly cacheErrors: number;
}

/** A retriever that searches only for what it has not found since the last write. */
export interface CachedRetriever<M extends Metadata = Metadata, F extends Metadata = M>
  extends Retriever<M, F>, Closable {
  /** A copy of the counters as they are now. */
  stats(): CachedRetrieverStats;
  /** Waits for results that are being stored. The retriever inside, the store and the cache stay open. */
  close(): Promise<void>;
}

const isFunction = (value: unknown): boolean => typeof value === "function";
const jsonValue: z.ZodType<JsonValue> = z.json();

const schema = z.strictObject({
  cache: z.custom<Cache>((value) => hasMethods(value, ["getMany", "setMany"]), "expected a Cache"),
  store: z.custom<VectorStore>((value) => hasMethods(value, ["collection"]), "expected a VectorStore"),
  collection: z.string().min(1),
  tenant: z.string().min(1).optional(),
  settings: z.record(z.string(), jsonValue),
  ttlMs: z
    .number()
    .positive()
    .default(60 * 60 * 1000),
  maxPendingBytes: z
    .int()
    .positive()
    .default(16 * 1024 * 1024),
  onEvent: z.custom<(event: CachedRetrieverEvent) => void>(isFunction, "expected a function").optional(),
});

/** The options with their defaults. */
export type ParsedCachedRetrieverOptions = CachedRetrieverOptions & {
  readonly ttlMs: number;
  readonly maxPendingBytes: number;
};

/** Checks the options. Throws a `ConfigurationError` that lists every issue. */
export function parseCachedRetrieverOptions(options: CachedRetrieverOptions): ParsedCachedRetrieverOptions {
  return parseOptions("createCachedRetriever", schema, options);
}
