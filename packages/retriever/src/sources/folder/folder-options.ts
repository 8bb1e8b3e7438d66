import type { DocumentParser } from "@binnacle/core";
import { parseOptions, part } from "@binnacle/core/kit";
import { z } from "zod";
import type { FolderEvent } from "./folder-event.ts";

/** Options of {@link FolderSource}. */
export interface FolderSourceOptions {
  /** The folder, absolute or relative to the working directory. */
  readonly path: string;
  /**
   * The stable name of the source, which is part of every point's id. Set it if the folder may move.
   * @default the folder's name and a hash of its absolute path
   */
  readonly id?: string | undefined;
  /** Globs of the files to read, relative to the folder, such as `guides/**`. @default every file */
  readonly include?: readonly string[] | undefined;
  /** Globs of files and folders to leave out, relative to the folder. @default no file */
  readonly exclude?: readonly string[] | undefined;
  /** Leaves out the files that `.gitignore` files in the folder exclude. @default true */
  readonly gitignore?: boolean | undefined;
  /** Reads files and folders whose names begin with a dot. @default false */
  readonly includeHidden?: boolean | undefined;
  /** Follows symbolic links, even out of the folder. Each folder is read once. @default false */
  readonly followSymlinks?: boolean | undefined;
  /** Maximum bytes of a file. A larger file is reported as unreadable. @default 16_777_216 (16 MiB) */
  readonly maxFileBytes?: number | undefined;
  /** Media types by extension (`.tmpl`) or file name. They override the built-in media types. */
  readonly mediaTypes?: Readonly<Record<string, string>> | undefined;
  /**
   * Parsers of further formats, such as `pdfParser`. A parser also replaces the built-in reading of its media
   * types. If two parsers read a media type, the first reads it.
   * @default only text, Markdown, HTML, data formats and source code are read
   */
  readonly parsers?: readonly DocumentParser[] | undefined;
  /**
   * Milliseconds between two listings while following. Set it if the system does not report changes, as on
   * network drives.
   * @default the system's own reports, or every 10 s if the system cannot watch the folder
   */
  readonly pollIntervalMs?: number | undefined;
  /** Milliseconds to wait after a change for further changes, while following. @default 200 */
  readonly debounceMs?: number | undefined;
  /** Called for everything that is skipped or ignored, and at the end of each listing. */
  readonly onEvent?: ((event: FolderEvent) => void) | undefined;
  /** Returns the time of the file system's clock in epoch milliseconds. @default `Date.now` */
  readonly clock?: (() => number) | undefined;
}

/** The options of {@link FolderSource} with defaults filled in. */
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
  readonly parsers: readonly DocumentParser[];
  readonly pollIntervalMs: number | undefined;
  readonly debounceMs: number;
  readonly onEvent: (event: FolderEvent) => void;
  readonly clock: () => number;
}

const globs = z.array(z.string().min(1));
const callable = <F extends (...args: never[]) => unknown>(): z.ZodType<F> =>
  z.custom<F>((value) => typeof value === "function", "expected a function");

const namesNone = "a parser needs an `id`, and `mediaTypes` with at least one media type";

function namesTypes({ id, mediaTypes }: DocumentParser): boolean {
  const isNamed: boolean = typeof id === "string" && id !== "";
  return isNamed && Array.isArray(mediaTypes) && mediaTypes.length > 0;
}

const schema = z.strictObject({
  path: z.string().min(1),
  id: z.string().min(1).optional(),
  include: globs.min(1, "no pattern matches no file; leave it out to read every file").optional(),
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
  parsers: z
    .array(
      part<DocumentParser>(["parse"], "a DocumentParser, such as pdfParser").refine(namesTypes, namesNone),
    )
    .default([]),
  pollIntervalMs: z.number().positive().optional(),
  debounceMs: z.number().nonnegative().default(200),
  onEvent: callable<(event: FolderEvent) => void>().default(() => () => undefined),
  clock: callable<() => number>().default(() => Date.now),
});

/** Checks the options and fills in defaults. Throws a `ConfigurationError` that lists every issue. */
export function parseFolderOptions(options: FolderSourceOptions): FolderSettings {
  const { id, include, pollIntervalMs, ...settings } = parseOptions("FolderSource", schema, options);
  return { ...settings, id, include, pollIntervalMs };
}
