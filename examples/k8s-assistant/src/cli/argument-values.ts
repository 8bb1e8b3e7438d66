import { resolve } from "node:path";
import { InvalidArgumentError } from "commander";

/** Parses a path. npm runs scripts in the repository's root, but people mean the folder they are in. */
export function path(value: string): string {
  if (value.trim() === "") throw new InvalidArgumentError("expected a path, got an empty value.");
  return resolve(process.env["INIT_CWD"] ?? ".", value);
}

/** Parses a whole number within bounds. */
export function integer(least: number, most: number): (value: string) => number {
  return (value) => {
    const number = Number(value);
    if (/^\d+$/.test(value) && number >= least && number <= most) return number;
    throw new InvalidArgumentError(`expected a whole number from ${least} to ${most}.`);
  };
}

/** Adds a name to those already given, because the option is repeatable. */
export function repeated(value: string, given: readonly string[] = []): readonly string[] {
  if (value.trim() === "") throw new InvalidArgumentError("expected a name, got an empty value.");
  return [...given, value.trim()];
}
