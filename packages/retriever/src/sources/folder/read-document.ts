import { join } from "node:path";
import { BinnacleError, type CallOptions, type Document } from "@binnacle/core";
import { parseFile } from "../parsing/parse-file.ts";
import { isGone, type FolderFileSystem } from "./file-system.ts";
import { isContentVersion, versionOfContent } from "./file-version.ts";

/** A file that was listed. */
export interface ListedFile {
  readonly root: string;
  readonly path: string;
  readonly mediaType: string;
  readonly version: string;
}

/** How to read it. */
export interface ReadDocumentOptions {
  readonly fileSystem: FolderFileSystem;
  readonly maxFileBytes: number;
  readonly onIgnored: (path: string, error: BinnacleError) => void;
  readonly call: CallOptions | undefined;
}

/**
 * Reads and parses a listed file; undefined if it is gone. Newer content than was listed is fine where the version was
 * made from times, which have moved on with it. A version made from content must be that of the content.
 */
export async function readDocument(
  file: ListedFile,
  { fileSystem, maxFileBytes, onIgnored, call }: ReadDocumentOptions,
): Promise<Document | undefined> {
  const { root, path, mediaType, version } = file;
  call?.signal?.throwIfAborted();
  const bytes = await readFile(join(root, path), path, fileSystem, maxFileBytes + 1);
  call?.signal?.throwIfAborted();
  if (bytes === undefined) return undefined;
  if (bytes.byteLength > maxFileBytes) throw tooLarge(path, `more than ${maxFileBytes}`, maxFileBytes);
  if (isContentVersion(version) && versionOfContent(bytes, mediaType) !== version) {
    const message = `${path}: the file was changed while it was listed; the next listing shows it as it is now`;
    throw new BinnacleError("changed_while_reading", message, { retryable: true });
  }
  try {
    const onPart = (error: BinnacleError): void => onIgnored(path, error);
    const parsed = await parseFile(bytes, mediaType, { signal: call?.signal, onIgnored: onPart });
    return { id: path, ...parsed };
  } catch (error) {
    if (!BinnacleError.isInstance(error)) throw error;
    throw new BinnacleError(error.code, `${path}: ${error.message}`, { cause: error });
  }
}

/** Reads a file; undefined if it is gone or is no file now. Throws code `unreadable_file`. */
export async function readFile(
  absolute: string,
  path: string,
  fileSystem: FolderFileSystem,
  maxBytes: number,
): Promise<Uint8Array | undefined> {
  try {
    return await fileSystem.read(absolute, maxBytes);
  } catch (cause) {
    if (isGone(cause)) return undefined;
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new BinnacleError("unreadable_file", `${path}: the file cannot be read: ${reason}`, { cause });
  }
}

/** Code `file_too_large`. */
export function tooLarge(path: string, bytes: bigint | string, maxFileBytes: number): BinnacleError {
  const message = `${path}: the file has ${bytes} bytes, the limit is ${maxFileBytes}; split it, exclude it or raise maxFileBytes`;
  return new BinnacleError("file_too_large", message);
}
