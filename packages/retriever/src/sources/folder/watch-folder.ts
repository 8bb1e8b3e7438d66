import { sleep } from "@binnacle/core/kit";
import { identityOf, type FolderFileSystem } from "./file-system.ts";
import type { WalkedPlace } from "./walk-folder.ts";
import { WatchedPlaces } from "./watched-places.ts";

/** Options of {@link watchFolder}. */
export interface WatchFolderOptions {
  readonly root: string;
  readonly fileSystem: FolderFileSystem;
  readonly debounceMs: number;
  /** Look this often instead of waiting to be told. */
  readonly pollIntervalMs: number | undefined;
}

/** Tells when to look again. */
export interface FolderWatch {
  /** To be told of each place before a listing looks there. */
  visit(place: WalkedPlace): void;
  /**
   * To be told that a listing has ended, and whether it is whole. Waits until something may have changed since the last
   * call, and a moment longer; after a listing that is not whole, no longer than an interval.
   */
  next(signal: AbortSignal, isWhole: boolean): Promise<void>;
  /** Why the system's own reports cannot be used, once that is known. */
  readonly failure: unknown;
  close(): void;
}

const fallbackIntervalMs = 10_000;

/** Watches a folder by the system's reports or, where there are none, by the clock. */
export function watchFolder(options: WatchFolderOptions): FolderWatch {
  const { root, fileSystem, debounceMs, pollIntervalMs } = options;
  let rootIdentity: string | undefined;
  let failure: unknown;
  let isChanged = false;
  let wake = (): void => undefined;
  const change = (): void => {
    isChanged = true;
    wake();
  };
  const places = new WatchedPlaces(root, fileSystem, {
    change,
    failure: (error) => {
      failure = error;
      // Where a part is not watched all must be polled, so the rest is given back to the system.
      places.close();
      change();
    },
  });
  /** Waits for a change, but no longer than the interval. */
  const changeOrInterval = async (signal: AbortSignal): Promise<void> => {
    const waiting = new AbortController();
    wake = () => waiting.abort();
    signal.addEventListener("abort", wake, { signal: waiting.signal });
    if (isChanged || signal.aborted) wake();
    // It rejects where it is woken, which is no failure.
    await sleep(fallbackIntervalMs, { signal: waiting.signal }).catch(() => undefined);
    wake();
    signal.throwIfAborted();
  };
  const isRootThere = async (): Promise<boolean> => {
    const stats = await fileSystem.stat(root).catch(() => undefined);
    return stats !== undefined && identityOf(stats) === rootIdentity;
  };
  return {
    visit(place) {
      if (place.path === "") rootIdentity = identityOf(place.stats);
      if (pollIntervalMs === undefined) places.visit(place);
    },
    async next(signal, isWhole) {
      if (pollIntervalMs !== undefined) return await sleep(pollIntervalMs, { signal });
      places.settle();
      const isSure = isWhole && failure === undefined;
      // The system does not tell when a link or a folder above the root is changed, so that it leads elsewhere.
      do await changeOrInterval(signal);
      while (!isChanged && isSure && (await isRootThere()));
      if (isChanged) await sleep(debounceMs, { signal });
      isChanged = false;
    },
    get failure() {
      return failure;
    },
    close: () => places.close(),
  };
}
