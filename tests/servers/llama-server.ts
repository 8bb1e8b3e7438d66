import { execFile, spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { setPriority } from "node:os";
import { join, resolve } from "node:path";
import process from "node:process";
import { setTimeout as wait } from "node:timers/promises";
import { promisify } from "node:util";
import { freePort } from "./free-port.ts";

/**
 * Model of the server. `chat`: SmolLM2 135M Instruct. `embed`: all-MiniLM-L6-v2, 384 dimensions, at most 512
 * tokens an input.
 */
export type LlamaServerKind = "chat" | "embed";

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
export interface LlamaServer {
  readonly url: string;
  /** False if the environment names the server, which a test cannot stop or kill. */
  readonly owned: boolean;
  /** Sends a signal to the server's process: `SIGKILL`, `SIGSTOP`, `SIGCONT`. */
  signal(name: NodeJS.Signals): void;
  /** Stops the server if it was started here. A second call does nothing. */
  close(): Promise<void>;
}

const repository = resolve(import.meta.dirname, "../..");
const environment: Readonly<Record<LlamaServerKind, string>> = {
  chat: "LLAMA_SERVER_URL",
  embed: "LLAMA_EMBED_URL",
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
};
// -b and -ub limit one embedding input. One thread each, because the tests share few cores.
const sharedArgs = ["-b", "512", "-ub", "512", "-t", "1", "-tb", "1", "--host", "127.0.0.1"];

/**
 * Returns the reason why there is no llama-server here, or undefined. The first use installs it, which needs
 * the network. Put the reason into the title of the skipped suite. With `own` the environment's servers do
 * not count, for suites that break their servers or depend on their models' answers.
 */
export async function llamaServerMissing(which: "any" | "own" = "any"): Promise<string | undefined> {
  if (which === "any" && Object.values(environment).every((name) => process.env[name] !== undefined))
    return undefined;
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
  if (given !== undefined && args.length === 0 && !whileLoading && options.port === undefined) {
    return { url: given, owned: false, signal: refuse, close: () => Promise.resolve() };
  }
  const cache = process.env["BINNACLE_TEST_CACHE"] ?? join(repository, ".cache/servers");
  const port = options.port ?? (await freePort());
  const child = spawn(
    join(cache, "llama-server/bin/llama-server"),
    [...modelArgs[kind], ...sharedArgs, "--port", String(port), ...args],
    { cwd: join(cache, "models"), stdio: ["ignore", "ignore", "pipe"] },
  );
  const stop = (): void => void child.kill("SIGKILL");
  process.once("exit", stop); // no server outlives the test run
  const close = async (): Promise<void> => {
    process.off("exit", stop);
    if (child.exitCode !== null || child.signalCode !== null) return;
    child.kill("SIGKILL"); // a stopped process ignores SIGTERM
    await once(child, "exit");
  };
  try {
    const url = `http://127.0.0.1:${port}`;
    await answering(url, child, whileLoading);
    return { url, owned: true, signal: (name) => void child.kill(name), close };
  } catch (error) {
    await close();
    throw error;
  }
}

async function answering(url: string, child: ChildProcess, whileLoading: boolean): Promise<void> {
  let log = "";
  child.stderr?.setEncoding("utf8").on("data", (text: string) => (log = (log + text).slice(-2000)));
  await once(child, "spawn");
  setPriority(child.pid ?? 0, 10);
  for (const end = Date.now() + 60_000; Date.now() < end; await wait(50)) {
    if (child.exitCode !== null) throw new Error(`llama-server ended with ${child.exitCode}: ${log}`);
    // A kept connection would occupy one of the server's few threads.
    const status = await fetch(`${url}/health`, { headers: { connection: "close" } }).then(
      (response) => response.status,
      () => 0, // not listening yet
    );
    if (status === 200 || (whileLoading && status === 503)) return;
  }
  throw new Error(`llama-server did not answer within a minute: ${log}`);
}

function refuse(): never {
  throw new Error(
    "this llama-server was started by someone else; unset its variable to let the tests start one",
  );
}
