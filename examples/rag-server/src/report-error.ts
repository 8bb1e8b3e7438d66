import { BinnacleError } from "@binnacle/core";
import { exitStatus } from "./exit-status.ts";
import { plainMessage } from "./plain-message.ts";

/** Says on stderr what went wrong; the stack only where the error is not one of ours. */
export function reportError(error: unknown): number {
  if (BinnacleError.isInstance(error)) process.stderr.write(`error: ${plainMessage(error.message)}\n`);
  else if (isAbort(error)) process.stderr.write("stopped\n");
  else
    process.stderr.write(
      `error: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`,
    );
  return exitStatus.failed;
}

/** The same for a program: what `--json` prints in place of a result. An indexing that broke off says what it did before. */
export function errorJson(error: unknown): {
  readonly error: { readonly code: string; readonly message: string };
  readonly report?: unknown;
} {
  const told = { error: codeAndMessage(error) };
  // A SyncError; its class would make every wrong argument wait for the retriever to load.
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
