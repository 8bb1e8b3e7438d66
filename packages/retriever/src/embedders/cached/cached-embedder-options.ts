import type { Cache, Embedder } from "@binnacle/core";
import { checkEmbedder, parseOptions, part, once } from "@binnacle/core/kit";
import { z } from "zod";

/** The name of the component in messages. */
export const label = "createCachedEmbedder";

/** Options of {@link createCachedEmbedder}. */
export interface CachedEmbedderOptions {
  /** The cache for the vectors. The caller closes it. */
  readonly cache: Cache;
  /** Milliseconds for which a vector is kept. @default the cache's own time to live */
  readonly ttlMs?: number | undefined;
  /**
   * The tenant that the vectors belong to. Tenants that share a cache cannot detect each other's texts.
   * @default no tenant
   */
  readonly tenant?: string | undefined;
}

/**
 * Counters since the embedder was created. `hits + misses + shared` is the number of inputs that were looked
 * up.
 */
export interface CachedEmbedderStats {
  /** Inputs whose vectors came from the cache. */
  readonly hits: number;
  /** Distinct inputs of a call that were sent to the model. */
  readonly misses: number;
  /** Inputs that shared the vector of an equal input, in the same call or in another running call. */
  readonly shared: number;
  /** Cached values that were damaged or of another format. Their inputs count as misses or shared too. */
  readonly corrupt: number;
  /** Calls that the cache rejected, although its contract forbids that. The model was asked instead. */
  readonly cacheErrors: number;
}

/** An embedder that sends only new inputs to the model. */
export interface CachedEmbedder extends Embedder {
  /** Returns a copy of the current counters. */
  stats(): CachedEmbedderStats;
  /**
   * Waits until all vectors are stored. The inner embedder and the cache stay open, because their owners
   * close them.
   */
  close(): Promise<void>;
}

const schema = once(() =>
  z.strictObject({
    cache: part<Cache>(["getMany", "setMany"], "a Cache, such as new MemoryCache()"),
    ttlMs: z.number().positive().optional(),
    tenant: z.string().min(1).optional(),
  }),
);

/**
 * Checks the arguments of {@link createCachedEmbedder}. Throws a `ConfigurationError` that lists every issue.
 */
export function parseCachedEmbedderOptions(embedder: unknown, options: unknown): CachedEmbedderOptions {
  checkEmbedder(label, embedder);
  return parseOptions(label, schema(), options);
}
