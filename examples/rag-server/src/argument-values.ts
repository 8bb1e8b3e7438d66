import { InvalidArgumentError } from "commander";

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
