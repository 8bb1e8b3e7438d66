import { relative, resolve } from "node:path";

/** The options of a command that select its index. */
export interface IndexPlace {
  readonly data: string;
  readonly collection: string;
}

/** The parts of the process that tell how it was started. */
export type StartedProcess = Pick<NodeJS.Process, "argv" | "execArgv" | "env" | "cwd">;

/**
 * Returns a command line that works in the reader's shell: the program as it was started, the command, and the
 * options that select the index unless they are the defaults.
 */
export function hintFor(
  command: readonly string[],
  { data, collection }: IndexPlace,
  started: StartedProcess = process,
): string {
  const at = resolve(data) === resolve(started.cwd(), defaultPlace.data) ? [] : ["--data", data];
  const inside = collection === defaultPlace.collection ? [] : ["--collection", collection];
  return [programOf(started), ...[...command, ...at, ...inside].map(quoted)].join(" ");
}

/** The defaults of `--data` and `--collection`. */
export const defaultPlace: IndexPlace = { data: ".binnacle", collection: "documents" };

function programOf({ argv, execArgv, env, cwd }: StartedProcess): string {
  if (env["npm_lifecycle_event"] === "npx") return "npx binnacle-rag";
  if (env["npm_lifecycle_event"] !== undefined) return "npm run --silent rag --";
  const script = argv[1] ?? "binnacle-rag";
  if (!script.endsWith(".ts")) return "binnacle-rag";
  return ["node", ...execArgv, relative(cwd(), script)].map(quoted).join(" ");
}

/** Quotes a word for a shell. A word in capitals, such as DIR, is a place holder and stays. */
function quoted(word: string): string {
  return /^[\w./:@=+,-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;
}
