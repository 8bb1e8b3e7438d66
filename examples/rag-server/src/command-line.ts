import { Command, CommanderError, Option } from "commander";
import { collectionName, hostName, integer, path, repeated, webOrigin } from "./argument-values.ts";
import type { CommonOptions } from "./commands/common-options.ts";
import { exitStatus } from "./exit-status.ts";
import { errorJson, reportError } from "./report-error.ts";
import { stopSignal } from "./stop-signal.ts";
import { createTerminal, type Terminal } from "./terminal.ts";
import { usageErrorJson } from "./usage-error.ts";

interface GivenOptions extends CommonOptions {
  readonly json: boolean;
}

/**
 * Runs one command and resolves to the exit status of the process. It loads only that command's code, so that
 * a search does not wait for the HTTP server to load.
 */
export async function runCommandLine(argv: readonly string[]): Promise<number> {
  let status: number = exitStatus.ok;
  const run = async <O extends GivenOptions>(
    options: O,
    body: (options: O, terminal: Terminal) => Promise<number>,
  ): Promise<void> => {
    const stop = stopSignal();
    const terminal = createTerminal(options.json);
    try {
      status = await body({ ...options, signal: stop.signal }, terminal);
    } catch (error) {
      status = reportError(error);
      terminal.result(errorJson(error));
    } finally {
      stop.release();
    }
  };
  try {
    await createProgram(run).parseAsync(argv);
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    const told = usageErrorJson(argv, error);
    if (told !== undefined) createTerminal(true).result(told);
    return error.exitCode;
  }
  return status;
}

type Run = <O extends GivenOptions>(
  options: O,
  body: (options: O, terminal: Terminal) => Promise<number>,
) => Promise<void>;

function createProgram(run: Run): Command {
  const program = new Command("binnacle-rag")
    .description("Index documents, search them and answer questions from them, with exact citations.")
    .exitOverride()
    .showHelpAfterError("(--help lists the commands)");
  addIndexing(program, run);
  addQuestions(program, run);
  addOperation(program, run);
  addKeys(program, run);
  return program;
}

function addIndexing(program: Command, run: Run): void {
  common(program.command("ingest").argument("<dir>", "folder to index", path))
    .description("update the index from a folder")
    .option("--plan", "only report what would change", false)
    .option("--allow-mass-delete", "allow removing more than half of a folder's documents", false)
    .action((directory: string, options: GivenOptions & { plan: boolean; allowMassDelete: boolean }) =>
      run({ ...options, directory }, async (...given) =>
        (await import("./commands/ingest.ts")).ingest(...given),
      ),
    );
  common(program.command("forget").argument("<dir>", "indexed folder, which need not exist any more", path))
    .description("remove a folder from the index")
    .action((directory: string, options: GivenOptions) =>
      run({ ...options, directory }, async (...given) =>
        (await import("./commands/forget.ts")).forget(...given),
      ),
    );
  common(program.command("verify"))
    .description("compare the index with its folders")
    .action((options: GivenOptions) =>
      run(options, async (...given) => (await import("./commands/verify.ts")).verify(...given)),
    );
  common(program.command("export").argument("<document-id>"))
    .description("print the text that a document's offsets refer to")
    .option("--folder <dir>", "folder of the document, if several have a document of that name", path)
    .action((documentId: string, options: GivenOptions & { folder?: string }) =>
      run({ ...options, documentId }, async (...given) =>
        (await import("./commands/export-document.ts")).exportDocument(...given),
      ),
    );
}

function addQuestions(program: Command, run: Run): void {
  type Given = GivenOptions & {
    limit: number;
    mode?: "hybrid" | "dense" | "lexical";
    filter?: string;
    explain: boolean;
  };
  type Asked = GivenOptions & { limit: number; filter?: string; refuse?: "off" | "clear" | "strict" };
  common(program.command("search").argument("<text>"))
    .description("find passages")
    .option("--limit <n>", "most passages", integer(1, 1000), 10)
    .addOption(
      new Option("--mode <mode>", "ranking (default: the best that the index allows)").choices([
        "hybrid",
        "dense",
        "lexical",
      ]),
    )
    .option("--filter <json>", 'conditions on metadata, such as {"language":"en"}')
    .option("--explain", "show each hit's rank and score in each leg", false)
    .action((text: string, options: Given) =>
      run({ ...options, text }, async (...given) => (await import("./commands/search.ts")).search(...given)),
    );
  common(program.command("ask").argument("<question>"))
    .description("answer a question from the documents, with citations")
    .option("--limit <n>", "most passages to answer from", integer(1, 50), 4)
    .option("--filter <json>", 'conditions on metadata, such as {"language":"en"}')
    .addOption(
      new Option(
        "--refuse <level>",
        "refuse questions that the documents do not answer: off never, clear if that is clear, strict if it is likely " +
          "(default: clear with a language model, strict without)",
      ).choices(["off", "clear", "strict"]),
    )
    .action((question: string, options: Asked) =>
      run({ ...options, question }, async (...given) => (await import("./commands/ask.ts")).ask(...given)),
    );
}

function addOperation(program: Command, run: Run): void {
  type Given = GivenOptions & {
    port: number;
    host: string;
    allowedHost?: readonly string[];
    allowEmpty: boolean;
    allowedOrigin?: readonly string[];
    keys?: string;
    requestsPerMinute: number;
  };
  common(program.command("serve"))
    .description("serve the HTTP API and the chat page")
    .option("--port <n>", "port, or 0 for any free one", integer(0, 65_535), 8000)
    .option("--host <address>", "address to listen on", "127.0.0.1")
    .option(
      "--allowed-host <name>",
      "further host that requests may be for, such as a proxy's; repeatable",
      hostName,
    )
    .option("--allow-empty", "start although nothing is indexed yet", false)
    .option("--allowed-origin <origin>", "origin that browsers may call from; repeatable", webOrigin)
    .option(
      "--keys <file>",
      "file of the keys that callers need; required on an address that others reach",
      path,
    )
    .option("--requests-per-minute <n>", "most requests per key and route", integer(1, 1_000_000), 120)
    .action(({ allowedHost: allowedHosts, allowedOrigin: allowedOrigins, ...options }: Given) =>
      run({ ...options, allowedHosts, allowedOrigins }, async (...given) =>
        (await import("./commands/serve.ts")).serve(...given),
      ),
    );
  common(program.command("health"))
    .description("check every part")
    .action((options: GivenOptions) =>
      run(options, async (...given) => (await import("./commands/health.ts")).health(...given)),
    );
}

function addKeys(program: Command, run: Run): void {
  const keys = program.command("keys").description("manage the keys that callers of the HTTP API need");
  type File = GivenOptions & { file: string };
  const inFile = (command: Command): Command =>
    common(command).requiredOption("--file <file>", "file of the keys", path);
  type Added = File & { role?: readonly string[]; tenant?: string; days?: number };
  inFile(keys.command("add").argument("<id>", "name of the key, such as web"))
    .description("add a key and print it once")
    .option("--role <role>", "reader, writer, observer, manager or admin; repeatable", repeated)
    .option("--tenant <name>", "tenant whose data the key reaches (default: the operator)")
    .option("--days <n>", "days until the key expires (default: never)", integer(1, 3650))
    .action((id: string, options: Added) =>
      run({ ...options, id, roles: options.role ?? [] }, async (...given) =>
        (await import("./commands/keys.ts")).addKey(...given),
      ),
    );
  inFile(keys.command("rotate").argument("<id>"))
    .description("print a new secret of a key; the old one stays valid for a while")
    .option("--grace-hours <n>", "hours for which the old secret stays valid", integer(0, 8760), 24)
    .action((id: string, options: File & { graceHours: number }) =>
      run({ ...options, id }, async (...given) => (await import("./commands/keys.ts")).rotateKey(...given)),
    );
  inFile(keys.command("remove").argument("<id>"))
    .description("remove a key; a running server refuses it within a second")
    .action((id: string, options: File) =>
      run({ ...options, id }, async (...given) => (await import("./commands/keys.ts")).removeKey(...given)),
    );
}

function common(command: Command): Command {
  return command
    .option("--data <dir>", "directory of the index", path, ".binnacle")
    .option("--collection <name>", "collection in the index", collectionName, "documents")
    .option("--json", "print exactly one JSON object on stdout", false)
    .exitOverride();
}
