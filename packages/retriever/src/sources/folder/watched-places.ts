import { join } from "node:path";
import { fileErrorCode, identityOf, isGone, type FolderFileSystem } from "./file-system.ts";
import type { WalkedPlace } from "./walk-folder.ts";

interface Watched {
  /** Of what is watched; undefined if something else may be at its path by now. */
  identity: string | undefined;
  close: () => void;
}

/** Each takes 2 kB of this process, and one of a number that all programs of a user share. */
const mostWatched = 32_768;
/** A listing cannot read such a folder either, and says so. */
const refusals: ReadonlySet<string | undefined> = new Set(["EACCES", "EPERM"]);

/**
 * Watches what the last listing came to, folder by folder where that is the system's way. Node's own recursive watch on
 * Linux also follows each file by its inode, and is deaf to a path once another file was renamed over it (Node 24).
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

  /** To be told of each place before a listing looks there, so that nothing that happens meanwhile is missed. */
  visit(place: WalkedPlace): void {
    const { path, stats, isLink } = place;
    if (this.#isClosed || (this.#fileSystem.watchesBelow && path !== "" && !isLink)) return;
    this.#visited.add(path);
    if (this.#watched.get(path)?.identity === identityOf(stats)) return;
    try {
      if (this.#visited.size > mostWatched) throw new Error(`more than ${mostWatched} folders are in it`);
      this.#open(place);
    } catch (error) {
      this.#release(path);
      if (!isGone(error) && !refusals.has(fileErrorCode(error))) this.#onFailure(error);
    }
  }

  /** To be told that a listing has ended: what it did not come to is gone. */
  settle(): void {
    for (const path of this.#watched.keys()) if (!this.#visited.has(path)) this.#release(path);
    this.#visited.clear();
  }

  /** Nothing is watched any more, whatever is visited. */
  close(): void {
    this.#isClosed = true;
    for (const path of this.#watched.keys()) this.#release(path);
  }

  #open({ path, stats }: WalkedPlace): void {
    const watched: Watched = { identity: identityOf(stats), close: () => undefined };
    const changed = (): void => {
      // It may be the last report of a place that went away, and what comes in its stead can have its inode's number.
      if (!this.#fileSystem.watchesBelow) watched.identity = undefined;
      this.#onChange();
    };
    watched.close = this.#fileSystem.watch(join(this.#root, path), changed, this.#onFailure);
    this.#release(path);
    this.#watched.set(path, watched);
    // A folder is read after this, but a file was looked at before.
    if (stats.isFile()) this.#onChange();
  }

  #release(path: string): void {
    this.#watched.get(path)?.close();
    this.#watched.delete(path);
  }
}
