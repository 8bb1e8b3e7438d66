import { parseOptions, once } from "@binnacle/core/kit";
import { z } from "zod";

/** Options of {@link MemoryStore}. */
export interface MemoryStoreOptions {
  /** Most memory for points, in bytes. It is estimated from their strings and vectors. A write beyond it
   * fails with code `store_full`. @default no limit */
  readonly maxBytes?: number | undefined;
}

const schema = once(() => z.strictObject({ maxBytes: z.number().positive().optional() }));

/** Checks the options of a {@link MemoryStore}. Throws a `ConfigurationError`. */
export function parseMemoryStoreOptions(options: MemoryStoreOptions): { readonly maxBytes: number } {
  return { maxBytes: parseOptions("MemoryStore", schema(), options).maxBytes ?? Infinity };
}
