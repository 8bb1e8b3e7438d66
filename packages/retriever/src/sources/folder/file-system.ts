import { watch, type BigIntStats } from "node:fs";
import { constants, lstat, open, readdir, stat, type FileHandle } from "node:fs/promises";

/** What a folder source asks of a file system, so that one can be put in place of the real one. Each method rejects with the error of `node:fs`. */
export interface FolderFileSystem {
  /** Names in a folder, in any order. */
  names(path: string): Promise<readonly string[]>;
  /** What a path itself is; a link is a link. */
  lstat(path: string): Promise<BigIntStats>;
  /** What a path leads to, links followed. */
  stat(path: string): Promise<BigIntStats>;
  /** The first `maxBytes` bytes of a regular file; undefined for anything else. */
  read(path: string, maxBytes: number): Promise<Uint8Array | undefined>;
  /** Whether the watch of a folder tells of all that is below it, not of its own entries alone. */
  readonly watchesBelow: boolean;
  /**
   * Calls `changed` after each change of a folder's entries, or of the file that a path leads to, and `failed` where it
   * cannot go on; until what it returns is called. Throws where it cannot begin.
   */
  watch(path: string, changed: () => void, failed: (error: unknown) => void): () => void;
}

/** Where one watch sees everything below a folder; elsewhere Node makes up for it, and misses changes. */
const watchesBelow = process.platform === "darwin" || process.platform === "win32";

/** The real one. */
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
  // Non-blocking, because what was a file when it was listed may be a pipe now, and opening one waits for a writer.
  const handle = await open(path, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0));
  try {
    const stats = await handle.stat();
    if (!stats.isFile()) return undefined;
    return await readBytes(handle, Math.min(stats.size + 1, maxBytes), maxBytes);
  } finally {
    await handle.close();
  }
}

/** Reads to the end, wherever that is by now, or to the limit. */
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

/** The code of a file system error, such as `ENOENT`; undefined for any other value. */
export function fileErrorCode(error: unknown): string | undefined {
  return error instanceof Error && "code" in error && typeof error.code === "string" ? error.code : undefined;
}

/** The same for two paths that lead to one file or folder. */
export function identityOf({ dev, ino }: BigIntStats): string {
  return `${dev}:${ino}`;
}

/** Whether the error says that nothing is there any more. */
export function isGone(error: unknown): boolean {
  const code = fileErrorCode(error);
  return code === "ENOENT" || code === "ENOTDIR";
}
