import type { BigIntStats } from "node:fs";
import { join } from "node:path";
import { basename } from "node:path/posix";
import {
  BinnacleError,
  type DocumentParser,
  type SourceChange,
  type UnreadableChange,
  type UpsertChange,
} from "@binnacle/core";
import { looksLikeText } from "../parsing/decode-text.ts";
import type { FolderFileSystem } from "./file-system.ts";
import { isTooFresh, versionOfContent, versionOfStats } from "./file-version.ts";
import type { SkipReason } from "./folder-event.ts";
import type { FolderSettings } from "./folder-options.ts";
import type { MediaTypeOf } from "./media-types.ts";
import { readDocument, readFile, tooLarge } from "./read-document.ts";
import { walkFolder, type WalkEntry, type WalkOptions } from "./walk-folder.ts";

/** The only scope of a folder source. If a part of the folder cannot be listed, no document is removed. */
export const folderScope: string = "files";

/** Options of {@link listFolder}. */
export interface ListFolderOptions {
  readonly root: string;
  readonly settings: FolderSettings;
  readonly fileSystem: FolderFileSystem;
  readonly mediaTypeOf: MediaTypeOf;
  /** The parsers that were given, by media type. */
  readonly parsers: ReadonlyMap<string, DocumentParser>;
  readonly skipByName: (path: string) => SkipReason | undefined;
  readonly isIncluded: (path: string) => boolean;
  /** The result of sniffing each file of unknown type, by path. It is kept from one listing to the next. */
  readonly sniffed: Map<string, { readonly version: string; readonly isText: boolean }>;
}

type FileChange = UpsertChange | UnreadableChange;

// git decides by the same number of bytes whether a file is binary.
const sniffBytes = 8_000;

/** Lists the folder once. If a part cannot be listed, the listing ends as aborted with the error. */
export async function* listFolder(
  options: ListFolderOptions,
  signal: AbortSignal,
  onPlace: WalkOptions["onPlace"] = () => undefined,
): AsyncGenerator<SourceChange, void, undefined> {
  const { root, settings, fileSystem, skipByName, sniffed } = options;
  const { gitignore, followSymlinks, onEvent } = settings;
  const counts = { documents: 0, unreadable: 0 };
  const skipped: Partial<Record<SkipReason, number>> = {};
  const failures: BinnacleError[] = [];
  const met = new Set<string>();
  yield { type: "scopes", scopes: [folderScope] };
  signal.throwIfAborted();
  yield { type: "listing", scope: folderScope, state: "started" };
  const walk = { root, fileSystem, gitignore, followSymlinks, signal, skipByName, onPlace };
  for await (const entry of walkFolder(walk)) {
    if (entry.type === "failed") {
      failures.push(unlistable(entry.path, entry.error));
      continue;
    }
    const found = await foundAt(entry, options);
    if (sniffed.has(entry.path)) met.add(entry.path);
    signal.throwIfAborted();
    if (typeof found === "string") {
      skipped[found] = (skipped[found] ?? 0) + 1;
      onEvent({ type: "skipped", path: entry.path, reason: found });
    } else if (found !== undefined) {
      counts[found.type === "upsert" ? "documents" : "unreadable"] += 1;
      yield found;
    }
  }
  for (const path of sniffed.keys()) if (!met.has(path)) sniffed.delete(path);
  onEvent({ type: "listed", isComplete: failures.length === 0, ...counts, skipped });
  const [error] = failures;
  if (error === undefined) yield { type: "listing", scope: folderScope, state: "complete" };
  else yield { type: "listing", scope: folderScope, state: "aborted", error: together(error, failures) };
}

/** Turns an entry of the walk into a change or a reason to skip it. Undefined if the file is gone. */
async function foundAt(
  entry: Exclude<WalkEntry, { type: "failed" }>,
  options: ListFolderOptions,
): Promise<FileChange | SkipReason | undefined> {
  if (entry.type === "skipped") return entry.reason;
  if (entry.type === "file") return await readChange(entry.path, entry.stats, options);
  const message = `${entry.path}: the name is not valid UTF-8, so the file cannot be opened. Rename it.`;
  const error = new BinnacleError("unreadable_file", message);
  return { type: "unreadable", documentId: entry.path, scope: folderScope, error };
}

/** Returns the change that shows a file, or the reason to skip it. Undefined if the file is gone. */
async function readChange(
  path: string,
  stats: BigIntStats,
  options: ListFolderOptions,
): Promise<FileChange | SkipReason | undefined> {
  const { settings, isIncluded, mediaTypeOf } = options;
  if (!isIncluded(path)) return "not-included";
  const named = mediaTypeOf(basename(path));
  if (named === "unsupported") return "unsupported-type";
  try {
    if (named === undefined && !(await isText(path, stats, options))) return "binary";
    if (stats.size > settings.maxFileBytes) throw tooLarge(path, stats.size, settings.maxFileBytes);
    return await upsert(path, stats, named ?? "text/plain", options);
  } catch (error) {
    if (!BinnacleError.isInstance(error)) throw error;
    return { type: "unreadable", documentId: path, scope: folderScope, error };
  }
}

async function upsert(
  path: string,
  stats: BigIntStats,
  mediaType: string,
  { root, settings, fileSystem, parsers }: ListFolderOptions,
): Promise<UpsertChange | undefined> {
  const { maxFileBytes, clock, onEvent } = settings;
  const parser = parsers.get(mediaType);
  const kind = parser === undefined ? mediaType : `${mediaType}(${parser.id})`;
  let version = versionOfStats(stats, kind);
  if (isTooFresh(stats, clock())) {
    const bytes = await readFile(join(root, path), path, fileSystem, maxFileBytes + 1);
    if (bytes === undefined) return undefined;
    version = versionOfContent(bytes, kind);
  }
  const file = { root, path, mediaType, kind, version, parser };
  const onIgnored = (ignoredIn: string, error: BinnacleError): void =>
    onEvent({ type: "ignored", path: ignoredIn, error });
  return {
    type: "upsert",
    documentId: path,
    scope: folderScope,
    version,
    load: (call) => readDocument(file, { fileSystem, maxFileBytes, onIgnored, call }),
  };
}

async function isText(path: string, stats: BigIntStats, options: ListFolderOptions): Promise<boolean> {
  const { root, fileSystem, sniffed } = options;
  const version = versionOfStats(stats, "");
  const known = sniffed.get(path);
  if (known?.version === version) return known.isText;
  const head = await readFile(join(root, path), path, fileSystem, sniffBytes);
  const isText = head !== undefined && looksLikeText(head);
  sniffed.set(path, { version, isText });
  return isText;
}

function unlistable(path: string, cause: unknown): BinnacleError {
  const reason = cause instanceof Error ? cause.message : String(cause);
  const message = `${path === "" ? "the folder itself" : path} cannot be listed (${reason}). Allow reading it, or exclude it.`;
  return new BinnacleError("unreadable_folder", message, { cause });
}

function together(first: BinnacleError, all: readonly BinnacleError[]): BinnacleError {
  if (all.length === 1) return first;
  const message = `${first.message} (and ${all.length - 1} more)`;
  return new BinnacleError(first.code, message, { cause: new AggregateError(all, message) });
}
