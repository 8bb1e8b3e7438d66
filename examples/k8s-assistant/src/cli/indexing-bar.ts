import type { IndexProgress } from "@binnacle/retriever";
import { Presets, SingleBar } from "cli-progress";

/** Shows the progress of a run on a terminal. Shows nothing if stderr is a file or a pipe. */
export interface IndexingBar {
  update(progress: IndexProgress): void;
  stop(): void;
}

/** Creates the progress bar of an indexing run. */
export function createIndexingBar(): IndexingBar {
  const format = "  {bar} {value}/{total} objects, {chunks} chunks, {duration_formatted}";
  const bar = new SingleBar(
    { stream: process.stderr, noTTYOutput: false, hideCursor: true, clearOnComplete: true, format },
    Presets.shades_classic,
  );
  let [started, waiting] = [false, false];
  return {
    update: ({ phase, chunks, documentsSeen, documentsDone }) => {
      if (phase === "waiting") {
        if (!waiting) process.stderr.write("  another process writes this index; waiting for it to end\n");
        waiting = true;
        return;
      }
      if (started) bar.setTotal(documentsSeen);
      else bar.start(documentsSeen, 0, { chunks });
      started = true;
      bar.update(documentsDone, { chunks });
    },
    stop: () => bar.stop(),
  };
}
