import { Command, CommanderError } from "commander";
import manifest from "../package.json" with { type: "json" };
import { exitStatus } from "./exit-status.ts";
import { environmentHelp } from "./program/environment-help.ts";
import { addIndexing } from "./program/indexing-commands.ts";
import { addKeys } from "./program/key-commands.ts";
import { addOperation } from "./program/operation-commands.ts";
import { addQuestions } from "./program/question-commands.ts";
import type { GivenOptions, RunCommand } from "./program/run-command.ts";
import { errorJson, reportError } from "./report-error.ts";
import { stopSignal } from "./stop-signal.ts";
import { createTerminal, type Terminal } from "./terminal.ts";
import { usageErrorJson } from "./usage-error.ts";

/**
 * Runs one command and resolves to the exit status of the process. It loads only that command's code, so that
 * a search does not wait for the HTTP server to load.
 */
export async function runCommandLine(argv: readonly string[]): Promise<number> {
  let status: number = exitStatus.ok;
  const run = async <O extends GivenOptions>(
    options: O,
    body: (options: O, terminal: Terminal) => Promise<number>,
  ): Promise<void> => {
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
    const told = usageErrorJson(argv, error);
    if (told !== undefined) createTerminal(true).result(told);
    return error.exitCode;
  }
  return status;
}

function createProgram(run: RunCommand): Command {
  const program = new Command("binnacle-rag")
    .description("Index documents, search them and answer questions from them, with exact citations.")
    .version(manifest.version, "--version", "print the version")
    .addHelpText("after", environmentHelp)
    .exitOverride()
    .showHelpAfterError("(--help lists the commands)");
  addIndexing(program, run);
  addQuestions(program, run);
  addOperation(program, run);
  addKeys(program, run);
  return program;
}
