import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { mkdir, readFile, readdir, rename, rm, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { ConfigurationError } from "@binnacle/core";
import { parseOptions } from "@binnacle/core/kit";
import { z } from "zod";

/** A folder, file or page that was indexed into a collection. */
export interface RecordedSource {
  readonly collection: string;
  /** Id of the source, a part of every point's id. */
  readonly id: string;
  readonly kind: "folder" | "file" | "page";
  /** Absolute path of the folder or file, or the page's address. */
  readonly path: string;
  /** Globs of the files to read. Undefined: every file. */
  readonly include?: readonly string[] | undefined;
  /** Globs of files and folders to leave out. */
  readonly exclude?: readonly string[] | undefined;
  /** Time of the last ingest, in ISO format. */
  readonly indexedAt: string;
}

const recordSchema = z.strictObject({
  version: z.literal(2),
  collection: z.string(),
  id: z.string(),
  kind: z.enum(["folder", "file", "page"]),
  path: z.string(),
  include: z.array(z.string()).optional(),
  exclude: z.array(z.string()).optional(),
  indexedAt: z.string(),
});

/** The directory of the index file, of the fetched pages, and of one record file per source. */
export interface DataDirectory {
  readonly path: string;
  readonly storePath: string;
  /** Returns the directory for the copy of a fetched page. */
  pagePath(address: string): string;
  sources(collection: string): Promise<readonly RecordedSource[]>;
  record(source: RecordedSource): Promise<void>;
  /** Removes a record. Does nothing if the record is missing. */
  forget(source: RecordedSource): Promise<void>;
}

/** Opens the directory. Creates it if it is missing, unless it is only read. */
export async function openDataDirectory(path: string, readOnly = false): Promise<DataDirectory> {
  await (readOnly ? refuseNoDirectory(path) : makeDirectory("--data", path));
  const records = join(path, "sources");
  const storePath = join(path, "index.sqlite");
  return {
    path,
    // For a reader a missing index is empty, and no file is created.
    storePath: readOnly && !existsSync(storePath) ? ":memory:" : storePath,
    pagePath: (address) => join(path, "pages", shortHash(address)),
    sources: async (collection) =>
      (await readRecords(records)).filter((source) => source.collection === collection),
    record: (source) => writeRecord(records, source),
    forget: (source) => rm(recordPath(records, source), { force: true }),
  };
}

/**
 * Accepts a missing directory, which counts as empty. Refuses a file, because the ingest that an empty index
 * suggests would also refuse it.
 */
async function refuseNoDirectory(path: string): Promise<void> {
  try {
    if ((await stat(path)).isDirectory()) return;
  } catch (error) {
    if (codeOf(error) === "ENOENT") return;
    throw new ConfigurationError(`--data ${path}: cannot be read (${codeOf(error)}); name a directory`, {
      cause: error,
    });
  }
  throw new ConfigurationError(`--data ${path}: is not a directory; name the directory that holds the index`);
}

async function makeDirectory(what: string, path: string): Promise<void> {
  try {
    await mkdir(path, { recursive: true });
  } catch (error) {
    throw new ConfigurationError(
      `${what} ${path}: cannot be used as a directory (${codeOf(error)}); name a directory that can be written`,
      { cause: error },
    );
  }
}

// Only names from {@link recordPath}, because the indexed folder may contain this directory and its own
// `sources`.
const recordName = /^[0-9a-f]{16}\.json$/;

async function readRecords(directory: string): Promise<readonly RecordedSource[]> {
  let names: readonly string[];
  try {
    names = await readdir(directory);
  } catch (error) {
    if (codeOf(error) === "ENOENT") return [];
    throw error;
  }
  const paths = names.filter((name) => recordName.test(name)).map((name) => join(directory, name));
  const sources = (await Promise.all(paths.map(readRecord))).flatMap((source) => source ?? []);
  return sources.toSorted((a, b) => (a.path < b.path ? -1 : 1));
}

/** Undefined if another process has just forgotten the folder. */
async function readRecord(path: string): Promise<RecordedSource | undefined> {
  let text: string;
  try {
    text = await readFile(path, "utf8");
  } catch (error) {
    if (codeOf(error) === "ENOENT") return undefined;
    throw error;
  }
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw new ConfigurationError(`${path} is not JSON; delete it and ingest that folder again`, {
      cause: error,
    });
  }
  const { version: _, ...source } = parseOptions(path, recordSchema, value);
  return source;
}

/**
 * Writes one file per folder, so that two processes never lose each other's record. It is written beside and
 * renamed, so that a kill leaves the old or the new one.
 */
async function writeRecord(directory: string, source: RecordedSource): Promise<void> {
  await makeDirectory("the folder's record in", directory);
  const path = recordPath(directory, source);
  const beside = `${path}.${process.pid}`;
  try {
    await writeFile(beside, `${JSON.stringify({ version: 2, ...source }, undefined, 2)}\n`);
    await rename(beside, path);
  } catch (error) {
    await rm(beside, { force: true });
    throw new ConfigurationError(`${path} cannot be written (${codeOf(error)})`, { cause: error });
  }
}

function recordPath(directory: string, { collection, id }: RecordedSource): string {
  return join(directory, `${shortHash(JSON.stringify([collection, id]))}.json`);
}

function shortHash(text: string): string {
  return createHash("sha256").update(text).digest("hex").slice(0, 16);
}

function codeOf(error: unknown): string {
  return error instanceof Error && "code" in error ? String(error.code) : String(error);
}
