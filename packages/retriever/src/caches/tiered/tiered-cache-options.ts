import type { Cache } from "@binnacle/core";
import { hasMethods, parseOptions, systemClock, type Clock, once } from "@binnacle/core/kit";
import { z } from "zod";

/** A failed load that did not fail a call of the cache. */
export type TieredCacheEvent =
  /**
   * `refresh_failed`: an early refresh failed. `stale_served`: a load failed or was too slow, so a stale
   * value was served.
   */
  { readonly type: "refresh_failed" | "stale_served"; readonly key: string; readonly error: unknown };

/** Options of {@link createTieredCache}. */
export interface TieredCacheOptions {
  /** The cache that is asked first, such as a `MemoryCache`. The caller closes it. */
  readonly near: Cache;
  /** The cache for keys that `near` does not have, such as a `RedisCache`. The caller closes it. */
  readonly far: Cache;
  /** Milliseconds for which a value is served if the call sets no time. @default 86_400_000 (one day) */
  readonly ttlMs?: number | undefined;
  /** Maximum milliseconds for which `near` serves a value before `far` is asked again. @default 60_000 */
  readonly nearTtlMs?: number | undefined;
  /** Milliseconds for which `getOrLoad` remembers that a key has no value. @default 10_000 */
  readonly negativeTtlMs?: number | undefined;
  /** Milliseconds after its end for which `getOrLoad` may serve a value if loading fails. @default 300_000 */
  readonly staleMs?: number | undefined;
  /**
   * Factor for the early refresh of `getOrLoad`. A larger value refreshes earlier, and 0 never refreshes
   * early.
   * @default 1
   */
  readonly refreshBeta?: number | undefined;
  /** Maximum milliseconds that a call waits for `far`. @default 300 */
  readonly timeoutMs?: number | undefined;
  /**
   * Maximum bytes of loaded values that wait to be written to `far`. Further values are not written.
   * @default 16_777_216 (16 MiB)
   */
  readonly maxPendingBytes?: number | undefined;
  /** Called after a failed load that did not fail a call. */
  readonly onEvent?: ((event: TieredCacheEvent) => void) | undefined;
  /** The clock for all times. @default the machine's clock */
  readonly clock?: Clock | undefined;
  /** Returns a random number from 0 to below 1. @default Math.random */
  readonly random?: (() => number) | undefined;
}

type Optional = "onEvent";

/** The options of {@link createTieredCache} with defaults filled in. */
export type ParsedTieredCacheOptions = {
  readonly [K in Exclude<keyof TieredCacheOptions, Optional>]-?: NonNullable<TieredCacheOptions[K]>;
} & Pick<TieredCacheOptions, Optional>;

const cache = once(() =>
  z.custom<Cache>((value) => hasMethods(value, ["getMany", "setMany", "deleteMany"]), "expected a Cache"),
);
const isFunction = (value: unknown): boolean => typeof value === "function";

const schema = once(() =>
  z.strictObject({
    near: cache(),
    far: cache(),
    ttlMs: z
      .number()
      .positive()
      .default(24 * 60 * 60 * 1000),
    nearTtlMs: z.number().positive().default(60_000),
    negativeTtlMs: z.number().nonnegative().default(10_000),
    staleMs: z.number().nonnegative().default(300_000),
    refreshBeta: z.number().nonnegative().default(1),
    timeoutMs: z.number().positive().max(60_000).default(300),
    maxPendingBytes: z
      .int()
      .positive()
      .default(16 * 1024 * 1024),
    onEvent: z.custom<(event: TieredCacheEvent) => void>(isFunction, "expected a function").optional(),
    clock: z
      .custom<Clock>((value) => hasMethods(value, ["now", "monotonicNow", "startTimer"]))
      .default(systemClock),
    random: z
      .custom<() => number>(isFunction, "expected a function that returns a number from 0 to below 1")
      .default(() => Math.random),
  }),
);

/** Checks the options and fills in defaults. Throws a `ConfigurationError` that lists every issue. */
export function parseTieredCacheOptions(options: TieredCacheOptions): ParsedTieredCacheOptions {
  return parseOptions("createTieredCache", schema(), options);
}
