import { watch, type FSWatcher } from "node:fs";
import { sleep } from "@binnacle/core/kit";

/** Options of {@link watchFolder}. */
export interface WatchFolderOptions {
  readonly debounceMs: number;
  /** Look this often instead of waiting to be told. */
  readonly pollIntervalMs: number | undefined;
}

/** Tells when to look again. */
export interface FolderWatch {
  /** Waits until something may have changed since the last call, and has been quiet for a moment. */
  next(signal: AbortSignal): Promise<void>;
  /** Why the system's own reports cannot be used, once that is known. */
  readonly failure: unknown;
  close(): void;
}

const fallbackIntervalMs = 10_000;

/** Watches a folder and all below it, by the system's reports or, where there are none, by the clock. */
export function watchFolder(path: string, { debounceMs, pollIntervalMs }: WatchFolderOptions): FolderWatch {
  let watcher: FSWatcher | undefined;
  let failure: unknown;
  let isChanged = false;
  let wake = (): void => undefined;
  const fail = (error: unknown): void => {
    failure = error;
    watcher?.close();
    watcher = undefined;
    wake();
  };
  if (pollIntervalMs === undefined) {
    try {
      watcher = watch(path, { recursive: true }, () => {
        isChanged = true;
        wake();
      });
      watcher.on("error", fail);
    } catch (error) {
      fail(error);
    }
  }
  return {
    get failure() {
      return failure;
    },
    async next(signal) {
      if (watcher === undefined) return await sleep(pollIntervalMs ?? fallbackIntervalMs, { signal });
      if (!isChanged) {
        await new Promise<void>((resolve, reject) => {
          const abort = (): void => reject(signal.reason);
          wake = () => {
            signal.removeEventListener("abort", abort);
            resolve();
          };
          if (signal.aborted) abort();
          else signal.addEventListener("abort", abort, { once: true });
        });
      }
      await sleep(debounceMs, { signal });
      isChanged = false;
    },
    close() {
      watcher?.close();
    },
  };
}
