import type { Cache, Embedder } from "@binnacle/core";
import { parseOptions, part } from "@binnacle/core/kit";
import { z } from "zod";

/** Names the component in messages. */
export const label = "createCachedEmbedder";

/** Options of {@link createCachedEmbedder}. */
export interface CachedEmbedderOptions {
  /** Holds the vectors. Its owner closes it. */
  readonly cache: Cache;
  /** How long a vector may be served. @default the cache's own */
  readonly ttlMs?: number | undefined;
  /** Whose vectors these are: tenants that share a cache never see whether another has embedded a text. @default none */
  readonly tenant?: string | undefined;
}

/** Counters since the embedder was made. `hits + misses + shared` is the number of inputs that were looked up. */
export interface CachedEmbedderStats {
  /** Inputs whose vectors came from the cache. */
  readonly hits: number;
  /** Distinct inputs of a call that the model was asked for. */
  readonly misses: number;
  /** Inputs equal to an input that the model was asked for in the same call, or in another call under way. */
  readonly shared: number;
  /** Values that were damaged or of another format; each is among the misses or the shared inputs. */
  readonly corrupt: number;
  /** Calls that the cache rejected, against its promise; the model was asked instead. */
  readonly cacheErrors: number;
}

/** An embedder that asks the model only for what it has not embedded before. */
export interface CachedEmbedder extends Embedder {
  /** A copy of the counters as they are now. */
  stats(): CachedEmbedderStats;
  /** Waits for the vectors that are being stored. The embedder inside and the cache stay open: their owners close them. */
  close(): Promise<void>;
}

const schema = z.strictObject({
  cache: part<Cache>(["getMany", "setMany"], "a Cache, such as new MemoryCache()"),
  ttlMs: z.number().positive().optional(),
  tenant: z.string().min(1).optional(),
});
const embedderSchema = z.strictObject({
  embedder: part<Embedder>(
    ["embed", "describe"],
    "an Embedder, such as createEmbedder({ id, dimensions, embed })",
  ),
});

/** Checks the arguments of {@link createCachedEmbedder}. Throws a `ConfigurationError` that lists every issue. */
export function parseCachedEmbedderOptions(embedder: unknown, options: unknown): CachedEmbedderOptions {
  parseOptions(label, embedderSchema, { embedder });
  return parseOptions(label, schema, options);
}
