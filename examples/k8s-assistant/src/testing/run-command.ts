import type { CommonOptions } from "../cli/common-options.ts";
import { errorJson } from "../cli/report-error.ts";
import type { Terminal } from "../cli/terminal.ts";

/** The output of a command and its exit status. */
export interface CommandRun {
  readonly status: number;
  readonly lines: readonly string[];
  /** The objects that `--json` prints. A failure is `{ error }`, as in the program. */
  readonly results: readonly unknown[];
}

/** Runs the body of a command in this process, as the program does. */
export async function runCommand<O extends CommonOptions>(
  body: (options: O, terminal: Terminal) => Promise<number>,
  options: O,
): Promise<CommandRun> {
  const lines: string[] = [];
  const results: unknown[] = [];
  const terminal: Terminal = {
    json: false,
    write: (text) => void lines.push(text),
    print: (line) => void lines.push(line),
    result: (value) => void results.push(value),
    note: (line) => void lines.push(line),
  };
  try {
    return { status: await body(options, terminal), lines, results };
  } catch (error) {
    return { status: 1, lines, results: [errorJson(error)] };
  }
}
