import { createHash } from "node:crypto";
import { basename, resolve } from "node:path";
import {
  BinnacleError,
  ConfigurationError,
  type ChangesOptions,
  type DocumentParser,
  type DocumentSource,
  type SourceChange,
} from "@binnacle/core";
import { createDeadline } from "@binnacle/core/kit";
import picomatch from "picomatch";
import { checkChangesOptions } from "../check-changes-options.ts";
import { isGone, nodeFileSystem, type FolderFileSystem } from "./file-system.ts";
import { parseFolderOptions, type FolderSettings, type FolderSourceOptions } from "./folder-options.ts";
import { folderScope, listFolder, type ListFolderOptions } from "./list-folder.ts";
import { createMediaTypes } from "./media-types.ts";
import { watchFolder } from "./watch-folder.ts";

/**
 * A source that reads the files of a folder as documents: text, Markdown, HTML, source code, and the formats
 * of the given `parsers`. A document's id is its path relative to the folder, with `/`, as the file system spells it. Unchanged files are not
 * read: a version is made from the file's times, size and inode. Only while a file is younger than two
 * seconds, its version is made from its content. `.git` and `node_modules` are always left out. Hidden files
 * are left out by default.
 *
 * If the folder does not exist, the first pull rejects with a `ConfigurationError`. A file that cannot be
 * read is reported as unreadable, or its `load` rejects. The codes are `binary_file`, `invalid_encoding`,
 * `file_too_large`, `too_deep`, `changed_while_reading` and `unreadable_file`. A folder that cannot be listed
 * breaks the listing off, and no document is removed.
 */
export class FolderSource implements DocumentSource {
  readonly id: string;
  readonly #listing: ListFolderOptions;

  /**
   * Creates the source without reading the folder. Throws a `ConfigurationError` if an option is wrong.
   * `fileSystem` is `node:fs` by default.
   */
  constructor(options: FolderSourceOptions, fileSystem: FolderFileSystem = nodeFileSystem) {
    const settings = parseFolderOptions(options);
    const root = resolve(settings.path);
    this.id = settings.id ?? defaultId(root);
    const parsers = parsersByType(settings.parsers);
    this.#listing = {
      root,
      settings,
      fileSystem,
      mediaTypeOf: createMediaTypes(settings.mediaTypes, (type) => parsers.has(type)),
      parsers,
      ...matchers(settings),
      sniffed: new Map(),
    };
  }

  changes(options: ChangesOptions): AsyncGenerator<SourceChange, void, undefined> {
    checkChangesOptions("FolderSource", options);
    return this.#changes(options);
  }

  async *#changes({
    follow,
    signal,
    deadlineAt,
  }: ChangesOptions): AsyncGenerator<SourceChange, void, undefined> {
    const deadline = createDeadline({ label: `FolderSource: ${this.id}`, signal, deadlineAt });
    try {
      deadline.signal.throwIfAborted();
      await this.#assertFolder();
      if (follow) yield* this.#follow(deadline.signal);
      else yield* listFolder(this.#listing, deadline.signal);
      deadline.signal.throwIfAborted();
    } finally {
      deadline[Symbol.dispose]();
    }
  }

  async *#follow(signal: AbortSignal): AsyncGenerator<SourceChange, void, undefined> {
    const { root, fileSystem, settings } = this.#listing;
    const { debounceMs, pollIntervalMs } = settings;
    const watch = watchFolder({ root, fileSystem, debounceMs, pollIntervalMs });
    let shown = "";
    let failure: unknown;
    try {
      while (true) {
        const [changes, listedAt]: [SourceChange[], number] = [[], Date.now()];
        for await (const change of listFolder(this.#listing, signal, (place) => watch.visit(place)))
          changes.push(change);
        const signature = signatureOf(changes);
        if (signature !== shown) yield* changes;
        shown = signature;
        if (watch.failure !== failure) {
          failure = watch.failure;
          yield { type: "degraded", scope: folderScope, error: unwatched(root, failure) };
        }
        // An unchanged listing is not yielded again, but the reader learns how fresh its copy is.
        if (watch.failure === undefined && isWhole(changes))
          yield { type: "current", scope: folderScope, asOf: listedAt };
        await watch.next(signal, isWhole(changes));
      }
    } finally {
      watch.close();
    }
  }

  async #assertFolder(): Promise<void> {
    const { root, settings, fileSystem } = this.#listing;
    const wanted = settings.path === root ? `"${root}"` : `"${settings.path}" (${root})`;
    try {
      const stats = await fileSystem.stat(root);
      if (stats.isDirectory()) return;
    } catch (cause) {
      if (isGone(cause)) {
        const message = `FolderSource: the folder ${wanted} does not exist. Create it, or correct the path.`;
        throw new ConfigurationError(message, { cause });
      }
      const reason = cause instanceof Error ? cause.message : String(cause);
      const message = `FolderSource: the folder ${wanted} cannot be read (${reason}). Allow reading it, or correct the path.`;
      throw new BinnacleError("unreadable_folder", message, { cause });
    }
    throw new ConfigurationError(
      `FolderSource: ${wanted} is not a folder. Give the folder that contains the file.`,
    );
  }
}

/**
 * Makes an id from the folder's name and a hash of its path. Two folders must not share an id, because the
 * listing of one would remove the documents of the other.
 */
function defaultId(root: string): string {
  return `${basename(root) || "root"}-${createHash("sha256").update(root).digest("hex").slice(0, 8)}`;
}

function parsersByType(parsers: readonly DocumentParser[]): ReadonlyMap<string, DocumentParser> {
  // The first parser of a media type must win, and a map keeps the last.
  const entries = parsers.flatMap((parser) => parser.mediaTypes.map((type) => [type, parser] as const));
  return new Map(entries.toReversed());
}

function matchers(settings: FolderSettings): Pick<ListFolderOptions, "skipByName" | "isIncluded"> {
  const { include, exclude, includeHidden } = settings;
  const isExcluded = exclude.length === 0 ? () => false : picomatch([...exclude], { dot: true });
  const isIncluded = include === undefined ? () => true : picomatch([...include], { dot: true });
  return {
    isIncluded: (path) => isIncluded(path),
    skipByName: (path) => {
      if (!includeHidden && path.startsWith(".", path.lastIndexOf("/") + 1)) return "hidden";
      return isExcluded(path) ? "excluded" : undefined;
    },
  };
}

function isWhole(listing: readonly SourceChange[]): boolean {
  return listing.some((change) => change.type === "listing" && change.state === "complete");
}

/** Returns a hash that is equal for two listings with the same content. */
function signatureOf(changes: readonly SourceChange[]): string {
  const hash = createHash("sha256");
  for (const change of changes) {
    const { type } = change;
    if (type === "upsert") hash.update(JSON.stringify([type, change.documentId, change.version]));
    else if (type === "unreadable")
      hash.update(JSON.stringify([type, change.documentId, change.error.message]));
    else if (type === "listing") hash.update(JSON.stringify([type, change.state, change.error?.message]));
  }
  return hash.digest("hex");
}

function unwatched(root: string, cause: unknown): BinnacleError {
  const reason = cause instanceof Error ? cause.message : String(cause);
  const message = `FolderSource: the system cannot watch ${root} (${reason}), so the folder is listed every 10 s. Set \`pollIntervalMs\` for another interval.`;
  return new BinnacleError("watch_failed", message, { cause });
}
