import type { CommanderError } from "commander";

/** Returns true if the arguments ask for JSON, even if other arguments are wrong. */
export function asksForJson(argv: readonly string[]): boolean {
  const end = argv.indexOf("--");
  return argv.slice(0, end === -1 ? undefined : end).includes("--json");
}

/** Returns what `--json` prints for wrong arguments. Undefined if nothing is wrong, as with `--help`. */
export function usageErrorJson(
  argv: readonly string[],
  { exitCode, message }: CommanderError,
): { readonly error: { readonly code: string; readonly message: string } } | undefined {
  if (exitCode === 0 || !asksForJson(argv)) return undefined;
  return { error: { code: "invalid_arguments", message: message.replace(/^error: /, "") } };
}
