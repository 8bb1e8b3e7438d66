import { resolve } from "node:path";
import { parseOptions } from "@binnacle/core/kit";
import { z } from "zod";
import type { WorkerOptions } from "./channel/requests.ts";

/** Which file, and how it is written. */
export interface SqliteFileOptions {
  /** The file, made with its tables on first use in a directory that exists; `:memory:` for one that ends with
   * `close()`. A store and a manifest may share a file. */
  readonly path: string;
  /**
   * `normal`: what was acknowledged survives the death of the process; a power cut may take the last moments, never
   * the file. `full`: it survives a power cut too; every write waits for the disk. @default "normal"
   */
  readonly synchronous?: "normal" | "full" | undefined;
  /** How long a call waits while another process writes, its turn behind this store's other writes included, before it rejects with a `TimeoutError` of phase `lock`; a
   * call's own deadline may be earlier. Milliseconds. @default 10 000 */
  readonly lockTimeoutMs?: number | undefined;
}

/** Options of {@link SqliteManifest}. */
export interface SqliteManifestOptions extends SqliteFileOptions {
  /** The clock that leases are measured by, in epoch milliseconds; all who share the file should agree on it.
   * @default Date.now */
  readonly now?: (() => number) | undefined;
}

/** Options of {@link SqliteStore}. */
export interface SqliteStoreOptions extends SqliteFileOptions {
  /**
   * Memory for search indexes: vectors, terms and metadata of the tenants searched last. The least recently used one
   * makes room and is read from the file when it is searched again; one that does not fit alone makes its searches
   * reject with code `index_too_large`. Bytes. @default 1 GiB
   */
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

/** Checks the options of a {@link SqliteStore}; the path becomes absolute, so that `chdir` cannot move it. */
export function parseStoreOptions(options: SqliteStoreOptions): WorkerOptions {
  const parsed = parseOptions("SqliteStore", storeSchema, options);
  return { ...parsed, path: absolute(parsed.path) };
}

/** Checks the options of a {@link SqliteManifest}. */
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
