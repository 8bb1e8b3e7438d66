import { execFile } from "node:child_process";
import { join, resolve } from "node:path";
import process from "node:process";
import { promisify } from "node:util";
import { freePort } from "./free-port.ts";
import { givenServer, startServer, type StartedServer } from "./start-server.ts";

/**
 * Model of the server. `chat`: SmolLM2 135M Instruct. `embed`: all-MiniLM-L6-v2, 384 dimensions, at most 512
 * tokens an input. `rerank`: the same model with a head that scores pairs; its scores mean little.
 */
export type LlamaServerKind = "chat" | "embed" | "rerank";

/** Options of {@link startLlamaServer}. */
export interface LlamaServerOptions {
  readonly kind: LlamaServerKind;
  /**
   * Further command line arguments, such as `["--api-key", "secret"]`. The environment's server is then not
   * used.
   */
  readonly args?: readonly string[] | undefined;
  /** If true, resolves once the port answers, although the model may still be loading. @default false */
  readonly whileLoading?: boolean | undefined;
  /** Port. The environment's server is then not used. @default any free port */
  readonly port?: number | undefined;
}

/** A llama-server that listens on 127.0.0.1. */
export type LlamaServer = StartedServer;

const repository = resolve(import.meta.dirname, "../..");
const environment: Readonly<Record<LlamaServerKind, string>> = {
  chat: "LLAMA_SERVER_URL",
  embed: "LLAMA_EMBED_URL",
  rerank: "LLAMA_RERANK_URL",
};
const modelArgs: Readonly<Record<LlamaServerKind, readonly string[]>> = {
  chat: [
    "-m",
    "smollm2-135m-instruct.gguf",
    "--alias",
    "smollm2-135m-instruct",
    "--jinja",
    "-c",
    "4096",
    "-np",
    "2",
  ],
  embed: ["-m", "minilm-l6-v2.gguf", "--alias", "all-MiniLM-L6-v2", "--embeddings", "-c", "512", "-np", "1"],
  rerank: ["-m", "minilm-l6-v2-rerank.gguf", "--alias", "MiniLM-rerank", "--rerank", "-c", "512", "-np", "1"],
};
// -b and -ub limit one embedding input. One thread each, because the tests share few cores.
const sharedArgs = ["-b", "512", "-ub", "512", "-t", "1", "-tb", "1", "--host", "127.0.0.1"];

/**
 * Returns the reason why there is no llama-server here, or undefined. The first use installs it, which needs
 * the network. Put the reason into the title of the skipped suite. With `own` the environment's servers do
 * not count, for suites that break their servers or depend on their models' answers.
 */
export async function llamaServerMissing(which: "any" | "own" = "any"): Promise<string | undefined> {
  const named = [environment.chat, environment.embed];
  if (which === "any" && named.every((name) => process.env[name] !== undefined)) return undefined;
  try {
    await promisify(execFile)(join(import.meta.dirname, "prepare.sh"));
    return undefined;
  } catch (error) {
    return `no llama-server: ${error instanceof Error ? error.message.trim().split("\n").at(-1) : String(error)}`;
  }
}

/** Starts a server with a real model on a free port, or returns the environment's server. */
export async function startLlamaServer(options: LlamaServerOptions): Promise<LlamaServer> {
  const { kind, args = [], whileLoading = false } = options;
  const given = process.env[environment[kind]];
  if (given !== undefined && args.length === 0 && !whileLoading && options.port === undefined)
    return givenServer(given);
  const cache = process.env["BINNACLE_TEST_CACHE"] ?? join(repository, ".cache/servers");
  const port = options.port ?? (await freePort());
  return startServer({
    name: "llama-server",
    command: join(cache, "llama-server/bin/llama-server"),
    args: [...modelArgs[kind], ...sharedArgs, "--port", String(port), ...args],
    cwd: join(cache, "models"),
    path: "/health",
    port,
    isReady: (status) => status === 200 || (whileLoading && status === 503),
  });
}

/** Prepares llama-server and starts it. Throws the reason if it cannot run here. */
export async function startPreparedLlamaServer(kind: LlamaServerKind): Promise<LlamaServer> {
  const missing = await llamaServerMissing();
  if (missing !== undefined) throw new Error(missing);
  return startLlamaServer({ kind });
}
