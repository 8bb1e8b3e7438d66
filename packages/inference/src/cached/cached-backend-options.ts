import type {
  Cache,
  GenerateRequest,
  Generation,
  GenerationStream,
  InferenceBackend,
  InferenceCallOptions,
} from "@binnacle/core";
import { hasMethods, parseOptions } from "@binnacle/core/kit";
import { z } from "zod";

/** Something an operator should know of: the cache rejected, against its promise. */
export interface CachedBackendEvent {
  readonly type: "cache_failed";
  readonly error: unknown;
}

/** Options of {@link createCachedBackend}. */
export interface CachedBackendOptions {
  /** Keeps the answers. It stays its owner's to close. */
  readonly cache: Cache;
  /** How long an answer is kept, in milliseconds. @default 86_400_000 (one day) */
  readonly ttlMs?: number | undefined;
  /** Most bytes of answers that wait to be stored. Beyond, answers are not stored. @default 16_777_216 (16 MiB) */
  readonly maxPendingBytes?: number | undefined;
  /** Hears of failures. @default none */
  readonly onEvent?: ((event: CachedBackendEvent) => void) | undefined;
}

/** Options of a call that may be answered from the cache. */
export interface CachedCallOptions extends InferenceCallOptions {
  /**
   * Ids of the passages in the prompt, a digest of the caller's rights, and the like. They are part of the key, for
   * prompts that do not hold all that their answer depends on. @default none
   */
  readonly contextIds?: readonly string[] | undefined;
}

/** Counters since the backend was made. `hits + misses + shared + uncached` is the number of generations asked for. */
export interface CachedBackendStats {
  /** Generations answered from the cache. */
  readonly hits: number;
  /** Generations that the model was asked for and whose answer may be stored. */
  readonly misses: number;
  /** Generations that waited for an equal one under way. */
  readonly shared: number;
  /** Generations that are not deterministic, or whose model could not be told. */
  readonly uncached: number;
  /** Cached values that were no answers of their key. They are among the misses. */
  readonly corrupt: number;
  /** Calls of the cache that rejected, against its promise. */
  readonly cacheErrors: number;
}

/** A backend that asks the model only for what it has not answered before. */
export interface CachedBackend extends InferenceBackend {
  generate(request: GenerateRequest, options?: CachedCallOptions): Promise<Generation>;
  stream(request: GenerateRequest, options?: CachedCallOptions): GenerationStream;
  /** A copy of the counters as they are now. */
  stats(): CachedBackendStats;
  /** Waits for answers that are being stored. The backend inside and the cache stay open: they are their owners'. */
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

/** The options with their defaults. */
export type ParsedCachedBackendOptions = CachedBackendOptions & {
  readonly ttlMs: number;
  readonly maxPendingBytes: number;
};

/** Checks the options. Throws a `ConfigurationError` that lists every issue. */
export function parseCachedBackendOptions(options: CachedBackendOptions): ParsedCachedBackendOptions {
  return parseOptions("createCachedBackend", schema, options);
}
