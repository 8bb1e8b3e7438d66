import { join } from "node:path";
import {
  BinnacleError,
  type CallOptions,
  type Document,
  type DocumentParser,
  type ParsedDocument,
} from "@binnacle/core";
import { parseFile, type ParseFileOptions } from "../parsing/parse-file.ts";
import { isGone, type FolderFileSystem } from "./file-system.ts";
import { isContentVersion, versionOfContent } from "./file-version.ts";

/** A file of a listing. */
export interface ListedFile {
  readonly root: string;
  readonly path: string;
  readonly mediaType: string;
  /** The media type, and the id of its parser if one was given. */
  readonly kind: string;
  /** Parser of the media type. Undefined: the built-in reading. */
  readonly parser: DocumentParser | undefined;
  readonly version: string;
}

/** Options of {@link readDocument}. */
export interface ReadDocumentOptions {
  readonly fileSystem: FolderFileSystem;
  readonly maxFileBytes: number;
  readonly onIgnored: (path: string, error: BinnacleError) => void;
  readonly call: CallOptions | undefined;
}

/**
 * Reads and parses a listed file. Resolves to undefined if the file is gone. If the version was made from
 * times, newer content is accepted, because the times have changed too. If it was made from content, other
 * content rejects with code `changed_while_reading`.
 */
export async function readDocument(
  file: ListedFile,
  { fileSystem, maxFileBytes, onIgnored, call }: ReadDocumentOptions,
): Promise<Document | undefined> {
  const { root, path, kind, version } = file;
  call?.signal?.throwIfAborted();
  const bytes = await readFile(join(root, path), path, fileSystem, maxFileBytes + 1);
  call?.signal?.throwIfAborted();
  if (bytes === undefined) return undefined;
  if (bytes.byteLength > maxFileBytes) throw tooLarge(path, `more than ${maxFileBytes}`, maxFileBytes);
  if (isContentVersion(version) && versionOfContent(bytes, kind) !== version) {
    const message = `${path}: the file changed after it was listed. The next listing will show its new content.`;
    throw new BinnacleError("changed_while_reading", message, { retryable: true });
  }
  const onPart = (error: BinnacleError): void => onIgnored(path, error);
  return { ...(await parse(bytes, file, { signal: call?.signal, onIgnored: onPart })), id: path };
}

/** Parses the bytes of a file. Every error names the file. */
async function parse(
  bytes: Uint8Array,
  { path, mediaType, parser }: ListedFile,
  options: ParseFileOptions,
): Promise<ParsedDocument> {
  try {
    if (parser === undefined) return await parseFile(bytes, mediaType, options);
    return await parser.parse(bytes, { ...options, mediaType, name: path });
  } catch (error) {
    options.signal?.throwIfAborted();
    if (BinnacleError.isInstance(error))
      throw new BinnacleError(error.code, `${path}: ${error.message}`, {
        retryable: error.retryable,
        cause: error,
      });
    // An unknown failure of a parser is one of this file. The other files must not wait for it.
    const reason = error instanceof Error ? error.message : String(error);
    const which = parser === undefined ? `built-in parser of ${mediaType}` : `parser "${parser.id}"`;
    const message = `${path}: the ${which} failed (${reason}). Repair the file, or exclude it.`;
    throw new BinnacleError("parser_failed", message, { cause: error });
  }
}

/**
 * Reads the first `maxBytes` bytes of a file. Resolves to undefined if it is gone or no longer a file.
 * Rejects with code `unreadable_file`.
 */
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
    const message = `${path}: the file cannot be read (${reason}). Allow reading it, or exclude it.`;
    throw new BinnacleError("unreadable_file", message, { cause });
  }
}

/** Creates the error for a file that exceeds the limit, with code `file_too_large`. */
export function tooLarge(path: string, bytes: bigint | string, maxFileBytes: number): BinnacleError {
  const message = `${path}: the file has ${bytes} bytes, but the limit is ${maxFileBytes}. Split the file, exclude it, or raise \`maxFileBytes\`.`;
  return new BinnacleError("file_too_large", message);
}
