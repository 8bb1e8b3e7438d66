import { resolve } from "node:path";
import { parseOptions } from "@binnacle/core/kit";
import { z } from "zod";
import type { WorkerOptions } from "./channel/requests.ts";

/** The file, and how it is written. */
export interface SqliteFileOptions {
  /** Path of the file. It is created with its tables on first use, in an existing directory. `:memory:`
   * creates a store that ends with `close()`. A store and a manifest may share a file. */
  readonly path: string;
  /** `normal`: an acknowledged write survives the death of the process. A power cut may lose the latest
   * writes, but never damages the file. `full`: an acknowledged write also survives a power cut, and
   * every write waits for the disk. @default "normal" */
  readonly synchronous?: "normal" | "full" | undefined;
  /** Most milliseconds that a call waits while another process writes, including its turn behind this
   * store's other writes. Then it rejects with a `TimeoutError` of phase `lock`. A call's own deadline
   * may be earlier. @default 10 000 */
  readonly lockTimeoutMs?: number | undefined;
}

/** Options of {@link SqliteManifest}. */
export interface SqliteManifestOptions extends SqliteFileOptions {
  /** The clock for leases, in epoch milliseconds. All users of the file should agree on it.
   * @default Date.now */
  readonly now?: (() => number) | undefined;
}

/** Options of {@link SqliteStore}. */
export interface SqliteStoreOptions extends SqliteFileOptions {
  /** Memory for search indexes, in bytes: vectors, terms and metadata of the tenants that were searched
   * last. The least recently used index is dropped if space is needed, and read again on its next search.
   * A search whose index does not fit alone rejects with code `index_too_large`. @default 1 GiB */
  readonly maxIndexBytes?: number | undefined;
}

const fileSchema = z.strictObject({
  path: z
    .string()
    .min(1)
    .refine((path) => !path.includes("\0"), "must not contain a NUL character"),
  synchronous: z.enum(["normal", "full"]).default("normal"),
  lockTimeoutMs: z.int().nonnegative().default(10_000),
});
const manifestSchema = fileSchema.extend({
  now: z
    .custom<() => number>((value) => typeof value === "function", "expected a function")
    .default(() => Date.now),
});
const storeSchema = fileSchema.extend({
  maxIndexBytes: z
    .int()
    .positive()
    .default(2 ** 30),
});

/** Checks the options of a {@link SqliteStore}. Makes the path absolute, so that `chdir` does not change
 * it. */
export function parseStoreOptions(options: SqliteStoreOptions): WorkerOptions {
  const parsed = parseOptions("SqliteStore", storeSchema, options);
  return { ...parsed, path: absolute(parsed.path) };
}

/** Checks the options of a {@link SqliteManifest}. Throws a `ConfigurationError`. */
export function parseManifestOptions(options: SqliteManifestOptions): {
  readonly worker: WorkerOptions;
  readonly now: () => number;
} {
  const { now, ...parsed } = parseOptions("SqliteManifest", manifestSchema, options);
  return { worker: { ...parsed, path: absolute(parsed.path), maxIndexBytes: 0 }, now };
}

function absolute(path: string): string {
  return path === ":memory:" ? path : resolve(path);
}
