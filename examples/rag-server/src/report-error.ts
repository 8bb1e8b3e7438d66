import { BinnacleError } from "@binnacle/core";
import { exitStatus } from "./exit-status.ts";

/** Says on stderr what went wrong; the stack only where the error is not one of ours. */
export function reportError(error: unknown): number {
  if (BinnacleError.isInstance(error)) process.stderr.write(`error: ${error.message}\n`);
  else if (isAbort(error)) process.stderr.write("stopped\n");
  else
    process.stderr.write(
      `error: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`,
    );
  return exitStatus.failed;
}

function isAbort(error: unknown): boolean {
  return error instanceof Error && error.name === "AbortError";
}
