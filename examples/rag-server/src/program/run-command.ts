import type { CommonOptions } from "../commands/common-options.ts";
import type { Terminal } from "../terminal.ts";

/** The options that commander parses for every command. */
export interface GivenOptions extends CommonOptions {
  readonly json: boolean;
}

/** Runs the body of one command with a terminal. */
export type RunCommand = <O extends GivenOptions>(
  options: O,
  body: (options: O, terminal: Terminal) => Promise<number>,
) => Promise<void>;
