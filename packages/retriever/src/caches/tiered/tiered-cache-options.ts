import type { Cache } from "@binnacle/core";
import { hasMethods, parseOptions, systemClock, type Clock } from "@binnacle/core/kit";
import { z } from "zod";

/** Something an operator should know of. */
export type TieredCacheEvent =
  /** A value could not be refreshed before its time, or a stale value was served because loading failed. */
  { readonly type: "refresh_failed" | "stale_served"; readonly key: string; readonly error: unknown };

/** Options of {@link createTieredCache}. */
export interface TieredCacheOptions {
  /** Asked first, such as a `MemoryCache`. It stays its owner's to close. */
  readonly near: Cache;
  /** Asked for what `near` does not have, such as a `RedisCache`. It stays its owner's to close. */
  readonly far: Cache;
  /** How long a value is served if a call does not say, in milliseconds. @default 86_400_000 (one day) */
  readonly ttlMs?: number | undefined;
  /** How long `near` serves a value before `far` is asked again, in milliseconds. @default 60_000 */
  readonly nearTtlMs?: number | undefined;
  /** How long `getOrLoad` remembers that there is nothing, in milliseconds. @default 10_000 */
  readonly negativeTtlMs?: number | undefined;
  /** How long after its time `getOrLoad` may serve a value if loading fails, in milliseconds. @default 300_000 */
  readonly staleMs?: number | undefined;
  /** How eagerly `getOrLoad` refreshes before a value's time is over. 0: never; above 1: earlier. @default 1 */
  readonly refreshBeta?: number | undefined;
  /** Most milliseconds that `far` may slow one call. @default 300 */
  readonly timeoutMs?: number | undefined;
  /** Most bytes of loaded values that wait to be written to `far`. @default 16_777_216 (16 MiB) */
  readonly maxPendingBytes?: number | undefined;
  /** Hears of failed loads. @default none */
  readonly onEvent?: ((event: TieredCacheEvent) => void) | undefined;
  /** @default the machine's clock */
  readonly clock?: Clock | undefined;
  /** From 0 to below 1. @default Math.random */
  readonly random?: (() => number) | undefined;
}

type Optional = "onEvent";

/** The options with their defaults. */
export type ParsedTieredCacheOptions = {
  readonly [K in Exclude<keyof TieredCacheOptions, Optional>]-?: NonNullable<TieredCacheOptions[K]>;
} & Pick<TieredCacheOptions, Optional>;

const cache = z.custom<Cache>(
  (value) => hasMethods(value, ["getMany", "setMany", "deleteMany"]),
  "expected a Cache",
);
const isFunction = (value: unknown): boolean => typeof value === "function";

const schema = z.strictObject({
  near: cache,
  far: cache,
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
});

/** Checks the options and fills in defaults. Throws a `ConfigurationError` that lists every issue. */
export function parseTieredCacheOptions(options: TieredCacheOptions): ParsedTieredCacheOptions {
  return parseOptions("createTieredCache", schema, options);
}
