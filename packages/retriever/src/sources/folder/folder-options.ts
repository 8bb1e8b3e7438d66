import { parseOptions } from "@binnacle/core/kit";
import { z } from "zod";
import type { FolderEvent } from "./folder-event.ts";

/** Options of {@link FolderSource}. */
export interface FolderSourceOptions {
  /** The folder; relative to the working directory. */
  readonly path: string;
  /**
   * Stable name of the source; part of every point's id. Give one if the folder may move.
   * @default the folder's name and a hash of its absolute path
   */
  readonly id?: string | undefined;
  /** Globs of files to take, relative to the folder, such as `guides/**`. @default every file */
  readonly include?: readonly string[] | undefined;
  /** Globs of files and folders to leave out, relative to the folder. @default none */
  readonly exclude?: readonly string[] | undefined;
  /** Whether to leave out what `.gitignore` files in the folder say. @default true */
  readonly gitignore?: boolean | undefined;
  /** Whether to take files and folders whose names begin with a dot. @default false */
  readonly includeHidden?: boolean | undefined;
  /** Whether to follow symbolic links, also out of the folder. Each folder is read once. @default false */
  readonly followSymlinks?: boolean | undefined;
  /** A larger file is reported as unreadable. @default 16_777_216 (16 MiB) */
  readonly maxFileBytes?: number | undefined;
  /** Media types by extension (`.tmpl`) or file name, over the built-in ones. @default none */
  readonly mediaTypes?: Readonly<Record<string, string>> | undefined;
  /**
   * When following: how often to look for changes. Needed where the system does not report them, as on network drives.
   * @default the system's own reports; every 10 s where it has none
   */
  readonly pollIntervalMs?: number | undefined;
  /** When following: how long to wait after a change for the next. @default 200 */
  readonly debounceMs?: number | undefined;
  /** Told of everything that is passed over, and why. @default nobody */
  readonly onEvent?: ((event: FolderEvent) => void) | undefined;
  /** The time in epoch milliseconds, as the file system has it. @default `Date.now` */
  readonly clock?: (() => number) | undefined;
}

/** The options with their defaults. */
export interface FolderSettings {
  readonly path: string;
  readonly id: string | undefined;
  readonly include: readonly string[] | undefined;
  readonly exclude: readonly string[];
  readonly gitignore: boolean;
  readonly includeHidden: boolean;
  readonly followSymlinks: boolean;
  readonly maxFileBytes: number;
  readonly mediaTypes: Readonly<Record<string, string>>;
  readonly pollIntervalMs: number | undefined;
  readonly debounceMs: number;
  readonly onEvent: (event: FolderEvent) => void;
  readonly clock: () => number;
}

const globs = z.array(z.string().min(1));
const callable = <F extends (...args: never[]) => unknown>(): z.ZodType<F> =>
  z.custom<F>((value) => typeof value === "function", "expected a function");

const schema = z.strictObject({
  path: z.string().min(1),
  id: z.string().min(1).optional(),
  include: globs.min(1, "no pattern takes no file; leave it out to take every file").optional(),
  exclude: globs.default([]),
  gitignore: z.boolean().default(true),
  includeHidden: z.boolean().default(false),
  followSymlinks: z.boolean().default(false),
  maxFileBytes: z
    .int()
    .positive()
    .default(16 * 1024 * 1024),
  mediaTypes: z
    .record(z.string().min(1), z.string().regex(/^[\w.+-]+\/[\w.+-]+$/, "expected type/subtype"))
    .default({}),
  pollIntervalMs: z.number().positive().optional(),
  debounceMs: z.number().nonnegative().default(200),
  onEvent: callable<(event: FolderEvent) => void>().default(() => () => undefined),
  clock: callable<() => number>().default(() => Date.now),
});

export function parseFolderOptions(options: FolderSourceOptions): FolderSettings {
  const { id, include, pollIntervalMs, ...settings } = parseOptions("FolderSource", schema, options);
  return { ...settings, id, include, pollIntervalMs };
}
