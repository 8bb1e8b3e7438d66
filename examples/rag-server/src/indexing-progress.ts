import type { IndexProgress } from "@binnacle/retriever";
import { progressLine } from "./progress-line.ts";

/** Shows the progress of an indexing run on a terminal. Shows nothing if stderr is a file or a pipe. */
export interface IndexingProgress {
  /** Sets the number of all documents once it is known. */
  expect(documents: number): void;
  /** Sets the name of the document that is being read. */
  reading(name: string): void;
  update(progress: IndexProgress): void;
  /** Removes the line. */
  stop(): void;
}

/** A terminal cannot show more changes than that. */
const leastMsBetween = 80;
const clearLine = "\r\u001B[K";

export function createIndexingProgress(out: NodeJS.WriteStream = process.stderr): IndexingProgress {
  const startedAt = performance.now();
  let total: number | undefined;
  let name = "";
  let isWaiting = false;
  let shownAt = -Infinity;
  return {
    expect: (documents) => void (total = documents),
    reading: (document) => void (name = document),
    update: ({ phase, documentsDone, documentsSeen, chunks }) => {
      if (phase === "waiting") {
        if (!isWaiting) out.write("  another process is indexing this folder; waiting for it to end\n");
        isWaiting = true;
      }
      const now = performance.now();
      if (!out.isTTY || phase === "waiting" || now - shownAt < leastMsBetween) return;
      shownAt = now;
      // A file that appeared after the count makes the total larger, but no bar may pass its end.
      const all = total === undefined ? undefined : Math.max(total, documentsSeen);
      const shown = { done: documentsDone, total: all, chunks, elapsedMs: now - startedAt, name };
      out.write(`${clearLine}${progressLine(shown, out.columns)}`);
    },
    stop: () => void (shownAt > -Infinity && out.write(clearLine)),
  };
}
