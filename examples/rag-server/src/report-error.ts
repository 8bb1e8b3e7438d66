import { BinnacleError } from "@binnacle/core";
import { exitStatus } from "./exit-status.ts";
import { plainMessage } from "./plain-message.ts";

/** Prints an error on stderr. The stack is printed only for unexpected errors. */
export function reportError(error: unknown): number {
  if (BinnacleError.isInstance(error)) process.stderr.write(`error: ${plainMessage(error.message)}\n`);
  else if (isAbort(error)) process.stderr.write("stopped\n");
  else
    process.stderr.write(
      `error: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`,
    );
  return exitStatus.failed;
}

/** Returns what `--json` prints instead of a result. For an ingest that broke off it includes the report. */
export function errorJson(error: unknown): {
  readonly error: { readonly code: string; readonly message: string };
  readonly report?: unknown;
} {
  const told = { error: codeAndMessage(error) };
  // A SyncError, checked by its field. Importing its class would load the retriever for every wrong argument.
  return BinnacleError.isInstance(error) && "report" in error ? { ...told, report: error.report } : told;
}

function codeAndMessage(error: unknown): { readonly code: string; readonly message: string } {
  if (BinnacleError.isInstance(error)) return { code: error.code, message: plainMessage(error.message) };
  if (isAbort(error)) return { code: "stopped", message: "stopped" };
  return { code: "unexpected_error", message: error instanceof Error ? error.message : String(error) };
}

function isAbort(error: unknown): boolean {
  return error instanceof Error && error.name === "AbortError";
}
