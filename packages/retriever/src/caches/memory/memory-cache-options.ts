import { parseOptions, once } from "@binnacle/core/kit";
import { z } from "zod";

/** Options of {@link MemoryCache}. */
export interface MemoryCacheOptions {
  /** Maximum bytes of values, keys and estimated overhead. @default 67_108_864 (64 MiB) */
  readonly maxBytes?: number | undefined;
  /** Milliseconds for which a value is served if `setMany` sets no time. @default no limit */
  readonly ttlMs?: number | undefined;
  /** Returns the current time in milliseconds. Only differences matter. @default `performance.now` */
  readonly clock?: (() => number) | undefined;
}

const schema = once(() =>
  z.strictObject({
    maxBytes: z
      .int()
      .positive()
      .default(64 * 1024 * 1024),
    ttlMs: z.number().positive().default(Infinity),
    clock: z
      .custom<() => number>(
        (value) => typeof value === "function",
        "expected a function that returns milliseconds",
      )
      .default(() => () => performance.now()),
  }),
);

/** Checks the options and fills in defaults. Throws a `ConfigurationError` that lists every issue. */
export function parseMemoryCacheOptions(options: MemoryCacheOptions): {
  readonly maxBytes: number;
  readonly ttlMs: number;
  readonly clock: () => number;
} {
  return parseOptions("MemoryCache", schema(), options);
}
