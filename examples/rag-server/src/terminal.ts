import type { IndexProgress } from "@binnacle/retriever";
import { Presets, SingleBar } from "cli-progress";

/** Output of a command: results on stdout, all other lines on stderr. */
export interface Terminal {
  readonly json: boolean;
  /** True if a person watches the output. */
  readonly isWatched: boolean;
  /** Writes a part of the result for people. Silent with `--json`. */
  write(text: string): void;
  /** Writes one line of the result for people. Silent with `--json`. */
  print(line: string): void;
  /** Writes the result as exactly one line of JSON on stdout. Silent without `--json`. */
  result(value: unknown): void;
  /** Writes a remark to stderr. */
  note(line: string): void;
}

/** Writes to this process's own streams. */
export function createTerminal(json: boolean): Terminal {
  return {
    json,
    isWatched: !json && process.stdout.isTTY,
    write: (text) => void (json || process.stdout.write(text)),
    print: (line) => void (json || process.stdout.write(`${line}\n`)),
    result: (value) => void (json && process.stdout.write(`${JSON.stringify(value)}\n`)),
    note: (line) => void process.stderr.write(`${line}\n`),
  };
}

/** Shows the progress of an indexing run on a terminal. Shows nothing if stderr is a file or a pipe. */
export interface IndexingBar {
  /** Sets the expected number of documents once it is known. */
  expect(documents: number): void;
  update(progress: IndexProgress): void;
  stop(): void;
}

export function createIndexingBar(): IndexingBar {
  const bar = new SingleBar(
    {
      stream: process.stderr,
      noTTYOutput: false,
      hideCursor: true,
      clearOnComplete: true,
      format: "  {bar} {value}/{total} documents, {chunks} chunks, {duration_formatted}",
    },
    Presets.shades_classic,
  );
  let total = 1;
  let started = false;
  let waiting = false;
  return {
    expect: (documents) => {
      total = documents;
    },
    update: (progress) => {
      if (progress.phase === "waiting") {
        if (!waiting)
          process.stderr.write("  another process is indexing this folder; waiting for it to end\n");
        waiting = true;
        return;
      }
      const payload = { chunks: progress.chunks };
      const shownTotal = Math.max(total, progress.documentsSeen);
      if (started) bar.setTotal(shownTotal);
      else bar.start(shownTotal, 0, payload);
      started = true;
      bar.update(progress.documentsDone, payload);
    },
    stop: () => bar.stop(),
  };
}
