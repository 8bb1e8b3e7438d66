import { InvalidArgumentError } from "commander";
import { userPath } from "./user-path.ts";

/** Parses a path. An empty one is a shell variable that is not set, not the working directory. */
export function path(value: string): string {
  if (value.trim() !== "") return userPath(value);
  throw new InvalidArgumentError("expected a path, which must not be empty.");
}

/** Parses a collection's name, as `defineIndex` takes it. */
export function collectionName(value: string): string {
  if (/^[A-Za-z0-9][A-Za-z0-9_-]{0,127}$/.test(value)) return value;
  throw new InvalidArgumentError(
    "expected 1 to 128 letters, digits, _ and -, the first a letter or a digit.",
  );
}

/** Parses a whole number within bounds, for an option or an argument. */
export function integer(least: number, most: number): (value: string) => number {
  return (value) => {
    const number = Number(value);
    if (/^\d+$/.test(value) && number >= least && number <= most) return number;
    throw new InvalidArgumentError(`expected a whole number from ${least} to ${most}.`);
  };
}

/** Parses the name of a host, for an option that may be given several times. */
export function hostName(value: string, given: readonly string[] = []): readonly string[] {
  const isName = /^([^\s/@:?#[\]]+|\[[\da-f:.]+\])$/i.test(value) && URL.canParse(`http://${value}`);
  if (isName) return [...given, new URL(`http://${value}`).hostname];
  throw new InvalidArgumentError("expected a host's name without scheme and port, such as rag.example.");
}
