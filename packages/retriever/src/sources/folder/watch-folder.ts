import { sleep } from "@binnacle/core/kit";
import { identityOf, type FolderFileSystem } from "./file-system.ts";
import type { WalkedPlace } from "./walk-folder.ts";
import { WatchedPlaces } from "./watched-places.ts";

/** Options of {@link watchFolder}. */
export interface WatchFolderOptions {
  readonly root: string;
  readonly fileSystem: FolderFileSystem;
  readonly debounceMs: number;
  /** Milliseconds between two listings. Undefined waits for the system's reports. */
  readonly pollIntervalMs: number | undefined;
}

/** Tells when a folder should be listed again. */
export interface FolderWatch {
  /** Begins to watch a place. Call it before a listing reads the place. */
  visit(place: WalkedPlace): void;
  /**
   * Waits until something may have changed since the last call, and `debounceMs` longer. Call it after each
   * listing. After an incomplete listing it waits at most an interval.
   */
  next(signal: AbortSignal, isWhole: boolean): Promise<void>;
  /** The error that prevents the system's own reports. Undefined while they work. */
  readonly failure: unknown;
  /** Stops watching. */
  close(): void;
}

const fallbackIntervalMs = 10_000;

/** Watches a folder by the system's reports, or only by the clock if `pollIntervalMs` is set. */
export function watchFolder(options: WatchFolderOptions): FolderWatch {
  const { pollIntervalMs } = options;
  return pollIntervalMs === undefined ? new ReportedWatch(options) : pollingWatch(pollIntervalMs);
}

function pollingWatch(intervalMs: number): FolderWatch {
  return {
    visit: () => undefined,
    next: (signal) => sleep(intervalMs, { signal }),
    failure: undefined,
    close: () => undefined,
  };
}

class ReportedWatch implements FolderWatch {
  readonly #root: string;
  readonly #fileSystem: FolderFileSystem;
  readonly #debounceMs: number;
  readonly #places: WatchedPlaces;
  #rootIdentity: string | undefined;
  #failure: unknown;
  #isChanged = false;
  #wake = (): void => undefined;

  constructor({ root, fileSystem, debounceMs }: WatchFolderOptions) {
    this.#root = root;
    this.#fileSystem = fileSystem;
    this.#debounceMs = debounceMs;
    this.#places = new WatchedPlaces(root, fileSystem, {
      change: () => this.#change(),
      failure: (error) => this.#fail(error),
    });
  }

  visit(place: WalkedPlace): void {
    if (place.path === "") this.#rootIdentity = identityOf(place.stats);
    this.#places.visit(place);
  }

  async next(signal: AbortSignal, isWhole: boolean): Promise<void> {
    this.#places.settle();
    const isSure = isWhole && this.#failure === undefined;
    // The system does not report a changed link or folder above the root, after which the path leads
    // elsewhere.
    do await this.#changeOrInterval(signal);
    while (!this.#isChanged && isSure && (await this.#isRootThere()));
    if (this.#isChanged) await sleep(this.#debounceMs, { signal });
    this.#isChanged = false;
  }

  get failure(): unknown {
    return this.#failure;
  }

  close(): void {
    this.#places.close();
  }

  #change(): void {
    this.#isChanged = true;
    this.#wake();
  }

  #fail(error: unknown): void {
    this.#failure = error;
    // If a part cannot be watched, everything must be polled, so the other watches are released.
    this.#places.close();
    this.#change();
  }

  /** Waits for a change, but at most an interval. */
  async #changeOrInterval(signal: AbortSignal): Promise<void> {
    const waiting = new AbortController();
    this.#wake = () => waiting.abort();
    signal.addEventListener("abort", this.#wake, { signal: waiting.signal });
    if (this.#isChanged || signal.aborted) this.#wake();
    // `sleep` rejects when it is woken, which is no failure.
    await sleep(fallbackIntervalMs, { signal: waiting.signal }).catch(() => undefined);
    this.#wake();
    signal.throwIfAborted();
  }

  async #isRootThere(): Promise<boolean> {
    const stats = await this.#fileSystem.stat(this.#root).catch(() => undefined);
    return stats !== undefined && identityOf(stats) === this.#rootIdentity;
  }
}
