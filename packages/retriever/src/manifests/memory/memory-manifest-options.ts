import { parseOptions, once } from "@binnacle/core/kit";
import { z } from "zod";

/** Options of {@link MemoryManifest}. */
export interface MemoryManifestOptions {
  /** The time in epoch milliseconds. @default Date.now */
  readonly now?: (() => number) | undefined;
}

const schema = once(() =>
  z.strictObject({
    now: z.custom<() => number>((value) => typeof value === "function").optional(),
  }),
);

/** Checks the options of a {@link MemoryManifest}. */
export function parseMemoryManifestOptions(options: MemoryManifestOptions): { readonly now: () => number } {
  return { now: parseOptions("MemoryManifest", schema(), options).now ?? Date.now };
}
