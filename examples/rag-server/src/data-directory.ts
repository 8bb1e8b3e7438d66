import { mkdir, readFile, rename, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { ConfigurationError } from "@binnacle/core";
import { parseOptions } from "@binnacle/core/kit";
import { z } from "zod";

/** A folder that was indexed into a collection. */
export interface RecordedSource {
  readonly collection: string;
  /** The source's id, part of every point's id. */
  readonly id: string;
  /** Absolute path of the folder. */
  readonly path: string;
  /** Globs of the files taken; all supported ones where missing. */
  readonly include?: readonly string[] | undefined;
}

const recordSchema = z.strictObject({
  version: z.literal(1),
  sources: z.array(
    z.strictObject({
      collection: z.string(),
      id: z.string(),
      path: z.string(),
      include: z.array(z.string()).optional(),
    }),
  ),
});

/** The directory that holds the index file and the list of the folders that were indexed. */
export interface DataDirectory {
  readonly path: string;
  readonly storePath: string;
  sources(collection: string): Promise<readonly RecordedSource[]>;
  record(source: RecordedSource): Promise<void>;
}

/** Makes the directory where it is missing. */
export async function openDataDirectory(path: string): Promise<DataDirectory> {
  try {
    await mkdir(path, { recursive: true });
  } catch (error) {
    throw new ConfigurationError(
      `--data ${path}: cannot be used as a directory (${codeOf(error)}); name one that can be written`,
      {
        cause: error,
      },
    );
  }
  const listPath = join(path, "sources.json");
  const readAll = (): Promise<readonly RecordedSource[]> => readList(listPath);
  return {
    path,
    storePath: join(path, "index.sqlite"),
    sources: async (collection) => (await readAll()).filter((source) => source.collection === collection),
    record: async (source) => {
      const others = (await readAll()).filter(
        ({ collection, id }) => collection !== source.collection || id !== source.id,
      );
      await writeList(listPath, [...others, source]);
    },
  };
}

async function readList(path: string): Promise<readonly RecordedSource[]> {
  let text: string;
  try {
    text = await readFile(path, "utf8");
  } catch (error) {
    if (codeOf(error) === "ENOENT") return [];
    throw error;
  }
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw new ConfigurationError(`${path} is not JSON; delete it and ingest again`, { cause: error });
  }
  return parseOptions(path, recordSchema, value).sources;
}

/** Writes beside and renames, so that a kill leaves the old list or the new one. */
async function writeList(path: string, sources: readonly RecordedSource[]): Promise<void> {
  try {
    await writeFile(`${path}.new`, `${JSON.stringify({ version: 1, sources }, undefined, 2)}\n`);
    await rename(`${path}.new`, path);
  } catch (error) {
    throw new ConfigurationError(`${path} cannot be written (${codeOf(error)})`, { cause: error });
  }
}

function codeOf(error: unknown): string {
  return error instanceof Error && "code" in error ? String(error.code) : String(error);
}
