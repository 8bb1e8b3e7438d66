import { watch, type BigIntStats } from "node:fs";
import { constants, lstat, open, readdir, stat, type FileHandle } from "node:fs/promises";

/**
 * The part of a file system that a folder source uses. Another implementation can replace it. Each method
 * rejects with the error of `node:fs`.
 */
export interface FolderFileSystem {
  /** Lists the names in a folder, in any order. */
  names(path: string): Promise<readonly string[]>;
  /** Describes a path without following links. */
  lstat(path: string): Promise<BigIntStats>;
  /** Describes the target of a path, following links. */
  stat(path: string): Promise<BigIntStats>;
  /** Reads the first `maxBytes` bytes of a regular file. Resolves to undefined for anything else. */
  read(path: string, maxBytes: number): Promise<Uint8Array | undefined>;
  /** True if watching a folder reports changes in all folders below it, not only of its own entries. */
  readonly watchesBelow: boolean;
  /**
   * Watches a folder's entries or a file, and returns a function that stops. Calls `changed` after each
   * change, and `failed` if watching cannot continue. Throws if it cannot begin.
   */
  watch(path: string, changed: () => void, failed: (error: unknown) => void): () => void;
}

// On other systems Node emulates the recursive watch, and misses changes.
const watchesBelow = process.platform === "darwin" || process.platform === "win32";

/** The file system of `node:fs`. */
export const nodeFileSystem: FolderFileSystem = {
  names: (path) => readdir(path),
  lstat: (path) => lstat(path, { bigint: true }),
  stat: (path) => stat(path, { bigint: true }),
  read: readFile,
  watchesBelow,
  watch(path, changed, failed) {
    const watcher = watch(path, { recursive: watchesBelow }, () => changed());
    watcher.on("error", failed);
    return () => watcher.close();
  },
};

async function readFile(path: string, maxBytes: number): Promise<Uint8Array | undefined> {
  // The listed file may be a pipe by now, and opening a pipe without O_NONBLOCK waits for a writer.
  const handle = await open(path, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0));
  try {
    const stats = await handle.stat();
    if (!stats.isFile()) return undefined;
    return await readBytes(handle, Math.min(stats.size + 1, maxBytes), maxBytes);
  } finally {
    await handle.close();
  }
}

/** Reads to the current end of the file, or to the limit. */
async function readBytes(handle: FileHandle, sizeGuess: number, maxBytes: number): Promise<Uint8Array> {
  let buffer = new Uint8Array(sizeGuess);
  let length = 0;
  while (length < maxBytes) {
    if (length === buffer.length) {
      const larger = new Uint8Array(Math.min(maxBytes, 2 * length + 4096));
      larger.set(buffer);
      buffer = larger;
    }
    const { bytesRead } = await handle.read(buffer, length, buffer.length - length);
    if (bytesRead === 0) break;
    length += bytesRead;
  }
  return buffer.subarray(0, length);
}

/** Returns the code of a file system error, such as `ENOENT`. Undefined for any other value. */
export function fileErrorCode(error: unknown): string | undefined {
  return error instanceof Error && "code" in error && typeof error.code === "string" ? error.code : undefined;
}

/** Returns an identity that is equal for two paths to the same file or folder. */
export function identityOf({ dev, ino }: BigIntStats): string {
  return `${dev}:${ino}`;
}

/** Returns true if the error says that the path does not exist. */
export function isGone(error: unknown): boolean {
  const code = fileErrorCode(error);
  return code === "ENOENT" || code === "ENOTDIR";
}
