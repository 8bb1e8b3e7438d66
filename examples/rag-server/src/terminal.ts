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
