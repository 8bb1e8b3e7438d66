import { join } from "node:path";
import { fileErrorCode, identityOf, isGone, type FolderFileSystem } from "./file-system.ts";
import type { WalkedPlace } from "./walk-folder.ts";

interface Watched {
  /** Identity of the watched file or folder. Undefined once something else may be at that path. */
  identity: string | undefined;
  close: () => void;
}

/**
 * The most watches. Each takes 2 kB of this process, and counts towards a limit that all programs of a user
 * share.
 */
const mostWatched = 32_768;
/** Errors that need no report, because a listing cannot read such a folder either and reports it. */
const deniedCodes: ReadonlySet<string | undefined> = new Set(["EACCES", "EPERM"]);

/**
 * Watches the places of the last listing, folder by folder if the system cannot watch a whole tree. Node's
 * own recursive watch on Linux follows each file by its inode. It misses changes of a path after another file
 * was renamed over it (Node 24).
 */
export class WatchedPlaces {
  readonly #root: string;
  readonly #fileSystem: FolderFileSystem;
  readonly #onChange: () => void;
  readonly #onFailure: (error: unknown) => void;
  readonly #watched = new Map<string, Watched>();
  readonly #visited = new Set<string>();
  #isClosed = false;

  constructor(
    root: string,
    fileSystem: FolderFileSystem,
    on: { readonly change: () => void; readonly failure: (error: unknown) => void },
  ) {
    this.#root = root;
    this.#fileSystem = fileSystem;
    this.#onChange = on.change;
    this.#onFailure = on.failure;
  }

  /** Begins to watch a place. Call it before a listing reads the place, so that no change is missed. */
  visit(place: WalkedPlace): void {
    const { path, stats, isLink } = place;
    if (this.#isClosed || (this.#fileSystem.watchesBelow && path !== "" && !isLink)) return;
    this.#visited.add(path);
    if (this.#watched.get(path)?.identity === identityOf(stats)) return;
    try {
      if (this.#visited.size > mostWatched) throw new Error(`it contains more than ${mostWatched} folders`);
      this.#open(place);
    } catch (error) {
      this.#release(path);
      if (!isGone(error) && !deniedCodes.has(fileErrorCode(error))) this.#onFailure(error);
    }
  }

  /**
   * Stops watching the places that the listing since the last call did not visit. Call it after each listing.
   */
  settle(): void {
    for (const path of this.#watched.keys()) if (!this.#visited.has(path)) this.#release(path);
    this.#visited.clear();
  }

  /** Stops all watches for good. */
  close(): void {
    this.#isClosed = true;
    for (const path of this.#watched.keys()) this.#release(path);
  }

  #open({ path, stats }: WalkedPlace): void {
    const watched: Watched = { identity: identityOf(stats), close: () => undefined };
    const changed = (): void => {
      // This may be the last report of a deleted place, and a new place can get the same inode.
      if (!this.#fileSystem.watchesBelow) watched.identity = undefined;
      this.#onChange();
    };
    watched.close = this.#fileSystem.watch(join(this.#root, path), changed, this.#onFailure);
    this.#release(path);
    this.#watched.set(path, watched);
    // A folder is read after this call, but a file was described before it and may have changed since.
    if (stats.isFile()) this.#onChange();
  }

  #release(path: string): void {
    this.#watched.get(path)?.close();
    this.#watched.delete(path);
  }
}
