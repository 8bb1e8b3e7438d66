import type {
  Cache,
  GenerateRequest,
  Generation,
  GenerationStream,
  InferenceBackend,
  InferenceCallOptions,
} from "@binnacle/core";
import { hasMethods, parseOptions, part } from "@binnacle/core/kit";
import { z } from "zod";

/** An event for the operator: a call of the cache rejected, although caches promise not to. */
export interface CachedBackendEvent {
  readonly type: "cache_failed";
  readonly error: unknown;
}

/** Options of {@link createCachedBackend}. */
export interface CachedBackendOptions {
  /** Stores the answers. `close()` of the backend does not close it. */
  readonly cache: Cache;
  /** Milliseconds that an answer is kept. @default 86_400_000 (one day) */
  readonly ttlMs?: number | undefined;
  /**
   * Most bytes of answers that wait to be stored. Further answers are not stored. @default 16_777_216 (16
   * MiB)
   */
  readonly maxPendingBytes?: number | undefined;
  /** Receives the events. @default none */
  readonly onEvent?: ((event: CachedBackendEvent) => void) | undefined;
}

/** Options of a call that may be answered from the cache. */
export interface CachedCallOptions extends InferenceCallOptions {
  /**
   * Further parts of the cache key, such as passage ids or a digest of the caller's rights. Set it if the
   * prompt does not hold everything that the answer depends on. @default none
   */
  readonly contextIds?: readonly string[] | undefined;
}

/**
 * Counters since the backend was created. `hits + misses + shared + uncached` is the number of requested
 * generations.
 */
export interface CachedBackendStats {
  /** Generations answered from the cache. */
  readonly hits: number;
  /** Generations that the model was asked for and that may be stored. */
  readonly misses: number;
  /** Generations that waited for an equal request. */
  readonly shared: number;
  /**
   * Generations that were not looked up, because the request is not deterministic or the model's name is
   * unknown.
   */
  readonly uncached: number;
  /** Cached values that were not answers. They also count as misses. */
  readonly corrupt: number;
  /** Calls of the cache that rejected. */
  readonly cacheErrors: number;
}

/** A backend that answers repeated requests from a cache. */
export interface CachedBackend extends InferenceBackend {
  generate(request: GenerateRequest, options?: CachedCallOptions): Promise<Generation>;
  stream(request: GenerateRequest, options?: CachedCallOptions): GenerationStream;
  /** Returns a copy of the counters. */
  stats(): CachedBackendStats;
  /**
   * Waits for answers that are being stored, then rejects later calls. The wrapped backend and the cache stay
   * open.
   */
  close(): Promise<void>;
}

const isFunction = (value: unknown): boolean => typeof value === "function";

const schema = z.strictObject({
  cache: z.custom<Cache>((value) => hasMethods(value, ["getMany", "setMany"]), "expected a Cache"),
  ttlMs: z
    .number()
    .positive()
    .default(24 * 60 * 60 * 1000),
  maxPendingBytes: z
    .int()
    .positive()
    .default(16 * 1024 * 1024),
  onEvent: z.custom<(event: CachedBackendEvent) => void>(isFunction, "expected a function").optional(),
});

/** {@link CachedBackendOptions} with the defaults filled in. */
export type ParsedCachedBackendOptions = CachedBackendOptions & {
  readonly ttlMs: number;
  readonly maxPendingBytes: number;
};

const backendSchema = z.strictObject({
  backend: part<InferenceBackend>(
    ["generate", "stream", "capabilities"],
    "an InferenceBackend, such as new LlamaCppBackend({ url })",
  ),
});

/** Checks the backend to wrap. Throws a `ConfigurationError`. */
export function checkBackend(backend: unknown): InferenceBackend {
  return parseOptions("createCachedBackend", backendSchema, { backend }).backend;
}

/** Checks the options. Throws a `ConfigurationError` that lists every issue. */
export function parseCachedBackendOptions(options: CachedBackendOptions): ParsedCachedBackendOptions {
  return parseOptions("createCachedBackend", schema, options);
}
