import type { Command } from "commander";
import { integer, path, repeated } from "../argument-values.ts";
import { withCommonOptions } from "./common-options.ts";
import type { GivenOptions, RunCommand } from "./run-command.ts";

interface FileFlags extends GivenOptions {
  readonly file: string;
}

interface AddFlags extends FileFlags {
  readonly role?: readonly string[];
  readonly tenant?: string;
  readonly days?: number;
}

/** Adds the commands that change the file of keys. */
export function addKeys(program: Command, run: RunCommand): void {
  const keys = program.command("keys").description("manage the keys that callers of the HTTP API need");
  const inFile = (command: Command): Command =>
    withCommonOptions(command).requiredOption("--file <file>", "file of the keys", path);
  inFile(keys.command("add").argument("<id>", "name of the key, such as web"))
    .description("add a key and print it once")
    .option("--role <role>", "reader, writer, observer, manager or admin; repeatable", repeated)
    .option("--tenant <name>", "tenant whose data the key reaches (default: the operator)")
    .option("--days <n>", "days until the key expires (default: never)", integer(1, 3650))
    .action((id: string, options: AddFlags) =>
      run({ ...options, id, roles: options.role ?? [] }, async (...args) =>
        (await import("../commands/keys.ts")).addKey(...args),
      ),
    );
  inFile(keys.command("rotate").argument("<id>"))
    .description("print a new secret of a key; the old one stays valid for a while")
    .option("--grace-hours <n>", "hours for which the old secret stays valid", integer(0, 8760), 24)
    .action((id: string, options: FileFlags & { graceHours: number }) =>
      run({ ...options, id }, async (...args) => (await import("../commands/keys.ts")).rotateKey(...args)),
    );
  inFile(keys.command("remove").argument("<id>"))
    .description("remove a key; a running server refuses it within a second")
    .action((id: string, options: FileFlags) =>
      run({ ...options, id }, async (...args) => (await import("../commands/keys.ts")).removeKey(...args)),
    );
}
