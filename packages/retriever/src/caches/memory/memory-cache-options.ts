import { parseOptions } from "@binnacle/core/kit";
import { z } from "zod";

/** Options of {@link MemoryCache}. */
export interface MemoryCacheOptions {
  /** Most bytes held: values, keys and an estimate of the book-keeping. @default 67_108_864 (64 MiB) */
  readonly maxBytes?: number | undefined;
  /** How long a value is served when `setMany` does not say. @default without end, until room is needed */
  readonly ttlMs?: number | undefined;
  /** The time in milliseconds; only differences count. @default `performance.now` */
  readonly clock?: (() => number) | undefined;
}

const schema = z.strictObject({
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
});

export function parseMemoryCacheOptions(options: MemoryCacheOptions): {
  readonly maxBytes: number;
  readonly ttlMs: number;
  readonly clock: () => number;
} {
  return parseOptions("MemoryCache", schema, options);
}
