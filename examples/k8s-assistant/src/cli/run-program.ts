import { CommanderError, type Command } from "commander";
import type { CommonOptions } from "./common-options.ts";
import { exitStatus } from "./exit-status.ts";
import { errorJson, reportError } from "./report-error.ts";
import { stopSignal } from "./stop-signal.ts";
import { createTerminal, type Terminal } from "./terminal.ts";

/** Runs the body of a command with a signal and a terminal, and reports its error. */
export type RunCommand = <O extends CommonOptions>(
  options: O,
  body: (options: O & { readonly signal: AbortSignal }, terminal: Terminal) => Promise<number>,
) => Promise<void>;

/** Runs one command of a program and resolves to the exit status of the process. */
export async function runProgram(
  argv: readonly string[],
  createProgram: (run: RunCommand) => Command,
): Promise<number> {
  let status: number = exitStatus.ok;
  const run: RunCommand = async (options, body) => {
    const stop = stopSignal();
    const terminal = createTerminal(options.json);
    try {
      status = await body({ ...options, signal: stop.signal }, terminal);
    } catch (error) {
      status = reportError(error);
      terminal.result(errorJson(error));
    } finally {
      stop.release();
    }
  };
  try {
    await createProgram(run).parseAsync(argv);
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    if (error.exitCode !== 0 && argv.includes("--json")) {
      const message = error.message.replace(/^error: /, "");
      createTerminal(true).result({ error: { code: "invalid_arguments", message } });
    }
    return error.exitCode;
  }
  return status;
}
