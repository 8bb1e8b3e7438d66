import type { IndexProgress } from "@binnacle/retriever";
import { Presets, SingleBar } from "cli-progress";

/** Where a command writes: results on stdout, everything else on stderr. */
export interface Terminal {
  readonly json: boolean;
  /** Somebody is watching the result come. */
  readonly isWatched: boolean;
  /** A part of the result, for people; silent with `--json`. */
  write(text: string): void;
  /** One line of the result, for people; silent with `--json`. */
  print(line: string): void;
  /** The result itself, with `--json`: exactly one line of JSON on stdout. */
  result(value: unknown): void;
  /** A remark beside the result. */
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

/** Shows an indexing run: a bar on a terminal, nothing where stderr is a file or a pipe. */
export interface IndexingBar {
  /** Says how many documents there will be, once that is known. */
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
