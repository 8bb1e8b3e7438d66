import { readFile, stat } from "node:fs/promises";
import { ConfigurationError } from "@binnacle/core";
import { parseOptions, systemClock, type Clock } from "@binnacle/core/kit";
import { keyFile, type StoredKey } from "./key-schema.ts";

/** A file of keys that is read again after it changed. */
export interface KeyFile {
  readonly keys: readonly StoredKey[];
  /** Reads the file again if it changed. Looks at most once a second. */
  refresh(): Promise<void>;
}

const lookEveryMs = 1000;

/** Options of {@link openKeyFile}. */
export interface KeyFileOptions {
  /** Called if a changed file cannot be used. The keys before stay valid. */
  readonly onWarning?: ((message: string) => void) | undefined;
  readonly clock?: Clock | undefined;
}

/** Opens the file. Rejects with a `ConfigurationError` if it is missing or wrong. */
export async function openKeyFile(
  path: string,
  { onWarning, clock = systemClock }: KeyFileOptions = {},
): Promise<KeyFile> {
  let keys = await readKeys(path);
  let changedAt = await changeTime(path);
  let lookedAt = clock.now();
  const reload = async (): Promise<void> => {
    try {
      const found = await changeTime(path);
      if (found === changedAt) return;
      keys = await readKeys(path);
      changedAt = found;
    } catch (error) {
      onWarning?.(`${error instanceof Error ? error.message : String(error)}; the keys before stay valid`);
    }
  };
  return {
    get keys() {
      return keys;
    },
    refresh: async () => {
      if (clock.now() - lookedAt < lookEveryMs) return;
      lookedAt = clock.now();
      await reload();
    },
  };
}

async function changeTime(path: string): Promise<number> {
  return (await stat(path)).mtimeMs;
}

/** Reads and checks a file of keys. */
export async function readKeys(path: string): Promise<readonly StoredKey[]> {
  let text: string;
  try {
    text = await readFile(path, "utf8");
  } catch (error) {
    throw new ConfigurationError(`${path}: cannot be read; make it with binnacle-rag keys add`, {
      cause: error,
    });
  }
  return parseKeys(path, text);
}

/** Checks the text of a file of keys. `name` is the file's name in errors. */
export function parseKeys(name: string, text: string): readonly StoredKey[] {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw new ConfigurationError(`${name}: is not JSON; make it with binnacle-rag keys add`, {
      cause: error,
    });
  }
  return parseOptions(name, keyFile, value).keys;
}
