import type { CommanderError } from "commander";

/** Whether the arguments ask for JSON, also where they are wrong in other ways. */
export function asksForJson(argv: readonly string[]): boolean {
  const end = argv.indexOf("--");
  return argv.slice(0, end === -1 ? undefined : end).includes("--json");
}

/** What `--json` prints where the arguments are wrong; undefined where there is nothing wrong, as with `--help`. */
export function usageErrorJson(
  argv: readonly string[],
  { exitCode, message }: CommanderError,
): { readonly error: { readonly code: string; readonly message: string } } | undefined {
  if (exitCode === 0 || !asksForJson(argv)) return undefined;
  return { error: { code: "invalid_arguments", message: message.replace(/^error: /, "") } };
}
