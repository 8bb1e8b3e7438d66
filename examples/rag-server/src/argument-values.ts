import { InvalidArgumentError } from "commander";
import { isAddress } from "./source-place.ts";
import { userPath } from "./user-path.ts";

/**
 * Parses a path. Refuses an empty one, which is usually an unset shell variable and not the working
 * directory.
 */
export function path(value: string): string {
  if (value.trim() !== "") return userPath(value);
  throw new InvalidArgumentError("expected a path, got an empty value.");
}

/** Parses a folder, a file or the address of a page. */
export function place(value: string): string {
  return isAddress(value) ? value : path(value);
}

/** Adds a glob to those already given, because the option is repeatable. */
export function glob(value: string, given: readonly string[] = []): readonly string[] {
  if (value.trim() !== "") return [...given, value];
  throw new InvalidArgumentError('expected a pattern such as "guides/**", got an empty value.');
}

/** Parses a number within bounds. */
export function number(least: number, most: number): (value: string) => number {
  return (value) => {
    const parsed = Number(value);
    if (value.trim() !== "" && parsed >= least && parsed <= most) return parsed;
    throw new InvalidArgumentError(`expected a number from ${least} to ${most}.`);
  };
}

/** Parses a level of refusal, or the least confidence. */
export function refusal(value: string): "off" | "clear" | "strict" | number {
  if (value === "off" || value === "clear" || value === "strict") return value;
  const parsed = Number(value);
  if (value.trim() !== "" && parsed >= 0 && parsed <= 1) return parsed;
  throw new InvalidArgumentError("expected off, clear, strict or a number from 0 to 1.");
}

/** Parses a collection's name, as `defineIndex` takes it. */
export function collectionName(value: string): string {
  if (/^[A-Za-z0-9][A-Za-z0-9_-]{0,127}$/.test(value)) return value;
  throw new InvalidArgumentError(
    "expected 1 to 128 letters, digits, _ or -, beginning with a letter or a digit.",
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

/** Parses a host name and adds it to those already given, because the option is repeatable. */
export function hostName(value: string, given: readonly string[] = []): readonly string[] {
  const isName = /^([^\s/@:?#[\]]+|\[[\da-f:.]+\])$/i.test(value) && URL.canParse(`http://${value}`);
  if (isName) return [...given, new URL(`http://${value}`).hostname];
  throw new InvalidArgumentError("expected a host's name without scheme and port, such as rag.example.");
}

/** Parses a web origin and adds it to those already given. */
export function webOrigin(value: string, given: readonly string[] = []): readonly string[] {
  if (URL.canParse(value) && new URL(value).origin === value) return [...given, value];
  throw new InvalidArgumentError("expected an origin such as https://app.example, without a path.");
}

/** Adds a value to those already given. */
export function repeated(value: string, given: readonly string[] = []): readonly string[] {
  return [...given, value];
}
