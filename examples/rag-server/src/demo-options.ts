import { createHash } from "node:crypto";
import { stat } from "node:fs/promises";
import { join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { ConfigurationError } from "@binnacle/core";
import { Command } from "commander";
import { integer, path } from "./argument-values.ts";

/** Options of the demo. */
export interface DemoOptions {
  /** Absolute path of the folder to index. */
  readonly docs: string;
  /** Undefined: the demo makes a question from what it indexed. */
  readonly question?: string | undefined;
  readonly once: boolean;
  readonly port: number;
  readonly data: string;
}

const repository = resolve(fileURLToPath(new URL("../../../", import.meta.url)));
const handbook = resolve(fileURLToPath(new URL("../handbook", import.meta.url)));
// One sentence of the handbook answers it, and a model of 135 million parameters repeats it correctly.
const handbookQuestion = "How many days of vacation do I get?";

/** Parses the command line. Throws commander's own error for `--help` and unknown flags. */
export async function parseDemoOptions(argv: readonly string[]): Promise<DemoOptions> {
  const program = new Command("demo")
    .description("Index a folder, ask it a question and serve the chat page.")
    .option("--docs <dir>", "folder to index (default: the bundled handbook of a small company)", path)
    .option("--ask <question>", "what to ask; made from what was indexed if only --docs is given")
    .option("--once", "exit after the answer", false)
    .option("--json", "print the answer as one line of JSON, last on stdout", false)
    .option(
      "--port <n>",
      "port, 0 takes any free one (default: 8000, with --once any free one)",
      integer(0, 65_535),
    )
    .option(
      "--data <dir>",
      "directory of the index (default: .binnacle/demo-<hash> in the repository, one per folder and embedding model)",
      path,
    )
    .allowExcessArguments(false)
    .exitOverride()
    .parse(argv);
  const given = program.opts<{
    docs?: string;
    ask?: string;
    once: boolean;
    port?: number;
    data?: string;
  }>();
  if (given.ask?.trim() === "") throw new ConfigurationError("--ask is empty; give it a question");
  const docs = given.docs === undefined ? handbook : resolve(given.docs);
  if (given.docs !== undefined) await requireDirectory(given.docs, docs);
  return {
    docs,
    question: given.ask ?? (given.docs === undefined ? handbookQuestion : undefined),
    once: given.once,
    // A demo that ends after the answer needs no known port, so it takes any free one.
    port: given.port ?? (given.once ? 0 : 8000),
    data: given.data === undefined ? defaultData(docs) : resolve(given.data),
  };
}

async function requireDirectory(given: string, path: string): Promise<void> {
  const found = await stat(path).catch((error: unknown) => {
    throw new ConfigurationError(`--docs ${given}: there is no such folder`, { cause: error });
  });
  if (!found.isDirectory()) throw new ConfigurationError(`--docs ${given}: is not a folder`);
}

/** One directory per folder and embedding server, because vectors of two models cannot share a collection. */
function defaultData(docs: string): string {
  const embedding = ["URL", "MODEL", "QUERY_PREFIX", "DOCUMENT_PREFIX"].map(
    (name) => process.env[`BINNACLE_EMBED_${name}`] ?? "",
  );
  const name = createHash("sha256")
    .update(JSON.stringify([docs, ...embedding]))
    .digest("hex")
    .slice(0, 12);
  return join(repository, ".binnacle", `demo-${name}`);
}
