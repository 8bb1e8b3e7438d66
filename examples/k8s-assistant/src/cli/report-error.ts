import { BinnacleError } from "@binnacle/core";
import { exitStatus } from "./exit-status.ts";
import { plainMessage } from "./plain-message.ts";

/** Prints an error on stderr. The stack is printed only for unexpected errors. */
export function reportError(error: unknown): number {
  const { code, message } = codeAndMessage(error);
  const isUnexpected = code === "unexpected_error" && error instanceof Error;
  const text = isUnexpected ? (error.stack ?? message) : message;
  process.stderr.write(code === "stopped" ? "stopped\n" : `error: ${text}\n`);
  return exitStatus.failed;
}

/** Returns what `--json` prints instead of a result. */
export function errorJson(error: unknown): {
  readonly error: { readonly code: string; readonly message: string };
} {
  return { error: codeAndMessage(error) };
}

function codeAndMessage(error: unknown): { readonly code: string; readonly message: string } {
  if (BinnacleError.isInstance(error)) return { code: error.code, message: plainMessage(error) };
  if (error instanceof Error && error.name === "AbortError") return { code: "stopped", message: "stopped" };
  return { code: "unexpected_error", message: error instanceof Error ? error.message : String(error) };
}
