import type { BigIntStats } from "node:fs";
import { join } from "node:path";
import { fileErrorCode, identityOf, isGone, type FolderFileSystem } from "./file-system.ts";
import { createGitIgnore, type GitIgnore } from "./git-ignore.ts";
import type { SkipReason } from "./folder-event.ts";

/** An entry that a walk finds. Paths are relative to the folder, with `/`. */
export type WalkEntry =
  | { readonly type: "file"; readonly path: string; readonly stats: BigIntStats }
  | { readonly type: "skipped"; readonly path: string; readonly reason: SkipReason }
  /**
   * A folder that could not be listed, or an entry that could not be described. The content below it is
   * unknown.
   */
  | { readonly type: "failed"; readonly path: string; readonly error: unknown }
  /** An entry whose name is not UTF-8, so it cannot be opened. Nothing below it was ever listed. */
  | { readonly type: "unnameable"; readonly path: string };

/** A folder of the walk, or a file that is the target of a link. */
export interface WalkedPlace {
  readonly path: string;
  readonly stats: BigIntStats;
  /** True if the path is a link, perhaps out of the folder. */
  readonly isLink: boolean;
}

/** Options of {@link walkFolder}. */
export interface WalkOptions {
  readonly root: string;
  readonly fileSystem: FolderFileSystem;
  readonly gitignore: boolean;
  readonly followSymlinks: boolean;
  readonly signal: AbortSignal;
  /** Returns the reason to skip an entry by its path, before the entry is opened. */
  readonly skipByName: (path: string) => SkipReason | undefined;
  /** Called for each folder before it is read, and for each file that is the target of a link. */
  readonly onPlace: (place: WalkedPlace) => void;
}

interface Folder extends WalkedPlace {
  /** The ignore rules of the folder's parent. */
  readonly rules: GitIgnore;
}

const alwaysSkipped: ReadonlySet<string> = new Set([".git", "node_modules"]);
/** Number of entries described concurrently. More would only wait for libuv's four threads. */
const statsAtOnce = 32;

/**
 * Yields every entry below a folder, in an order that depends only on names: the files of each folder, then
 * the content of its folders. Links to folders come last, so that a real path takes precedence over a linked
 * path. No folder is walked twice, which also ends loops.
 */
export async function* walkFolder(options: WalkOptions): AsyncGenerator<WalkEntry, void, undefined> {
  const { root, fileSystem, signal, onPlace } = options;
  const rootStats = await fileSystem.stat(root).catch((error: unknown) => ({ error }));
  if ("error" in rootStats) return yield { type: "failed", path: "", error: rootStats.error };
  const walked = new Set([identityOf(rootStats)]);
  const folders: Folder[] = [{ path: "", rules: createGitIgnore(), stats: rootStats, isLink: false }];
  const links: Folder[] = [];
  while (true) {
    signal.throwIfAborted();
    const folder = folders.pop();
    if (folder !== undefined) {
      onPlace(folder);
      const below: Folder[] = [];
      for await (const found of readFolder(folder, options)) {
        if (!("rules" in found)) yield found;
        else if (found.isLink) links.push(found);
        else if (isNew(walked, found.stats)) below.push(found);
        else yield { type: "skipped", path: found.path, reason: "listed-already" };
      }
      folders.push(...below.reverse());
      continue;
    }
    const link = links.shift();
    if (link === undefined) break;
    if (isNew(walked, link.stats)) folders.push(link);
    else yield { type: "skipped", path: link.path, reason: "listed-already" };
  }
  const error = await movedAway(root, identityOf(rootStats), fileSystem);
  if (error !== undefined) yield { type: "failed", path: "", error };
}

/**
 * Returns an error if the root is gone or was replaced. After a drive is unmounted, the rest would look
 * deleted.
 */
async function movedAway(root: string, before: string, fileSystem: FolderFileSystem): Promise<unknown> {
  try {
    const stats = await fileSystem.stat(root);
    return identityOf(stats) === before
      ? undefined
      : new Error("the folder was replaced while it was listed");
  } catch (error) {
    return error;
  }
}

async function* readFolder(
  folder: Folder,
  options: WalkOptions,
): AsyncGenerator<WalkEntry | Folder, void, undefined> {
  const { root, fileSystem, signal } = options;
  let names: readonly string[];
  let rules: GitIgnore;
  try {
    names = (await fileSystem.names(join(root, folder.path))).toSorted();
    const hasRules = options.gitignore && names.includes(".gitignore");
    rules = folder.rules.inside(folder.path, hasRules ? await readRules(folder, options) : undefined);
  } catch (error) {
    // The documents of a vanished folder are gone too. For the root, the caller checks that.
    if (!isGone(error) || folder.path === "") yield { type: "failed", path: folder.path, error };
    return;
  }
  for (let start = 0; start < names.length; start += statsAtOnce) {
    signal.throwIfAborted();
    const looked = names
      .slice(start, start + statsAtOnce)
      .map((name) => look(folder.path === "" ? name : `${folder.path}/${name}`, name, rules, options));
    for (const found of await Promise.all(looked)) if (found !== undefined) yield found;
  }
}

async function readRules(folder: Folder, { root, fileSystem }: WalkOptions): Promise<string | undefined> {
  const path = join(root, folder.path, ".gitignore");
  const bytes = await fileSystem.read(path, 1024 * 1024).catch((error: unknown) => {
    // The rules of an unreadable file are unknown, but a vanished file has no rules.
    if (!isGone(error)) throw error;
    return undefined;
  });
  return bytes === undefined ? undefined : new TextDecoder().decode(bytes);
}

async function look(
  path: string,
  name: string,
  rules: GitIgnore,
  options: WalkOptions,
): Promise<WalkEntry | Folder | undefined> {
  const skip = (reason: SkipReason): WalkEntry => ({ type: "skipped", path, reason });
  const byName = alwaysSkipped.has(name) ? "always" : options.skipByName(path);
  if (byName !== undefined) return skip(byName);
  try {
    let stats = await options.fileSystem.lstat(join(options.root, path));
    const isLink = stats.isSymbolicLink();
    if (rules.ignores(path, stats.isDirectory())) return skip("gitignored");
    if (isLink && !options.followSymlinks) return skip("symlink");
    if (isLink) stats = await options.fileSystem.stat(join(options.root, path));
    // git follows no links. Here a followed link to a folder counts as a folder, even for rules that match
    // only folders.
    if (isLink && rules.ignores(path, stats.isDirectory())) return skip("gitignored");
    if (stats.isDirectory()) return { path, rules, stats, isLink };
    if (!stats.isFile()) return skip("special");
    if (isLink) options.onPlace({ path, stats, isLink });
    return { type: "file", path, stats };
  } catch (error) {
    return await lookFailed(path, error, options);
  }
}

async function lookFailed(
  path: string,
  error: unknown,
  options: WalkOptions,
): Promise<WalkEntry | undefined> {
  const leadsNowhere = isGone(error) || fileErrorCode(error) === "ELOOP";
  // A name that is not UTF-8 is read with U+FFFD, and no entry has that name.
  if (leadsNowhere && path.includes("\uFFFD")) return { type: "unnameable", path };
  if (!leadsNowhere) return { type: "failed", path, error };
  const isLink = await options.fileSystem.lstat(join(options.root, path)).then(
    (stats) => stats.isSymbolicLink(),
    () => false,
  );
  return isLink ? { type: "skipped", path, reason: "dangling-symlink" } : undefined;
}

function isNew(walked: Set<string>, stats: BigIntStats): boolean {
  const key = identityOf(stats);
  if (walked.has(key)) return false;
  walked.add(key);
  return true;
}
