import { execFile, spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import { setTimeout as wait } from "node:timers/promises";
import { promisify } from "node:util";
import { freePort } from "./free-port.ts";

const run = promisify(execFile);

/** Options of {@link startRedis}. */
export interface RedisServerOptions {
  /**
   * Further command line arguments, such as `["--maxmemory", "4mb"]`. The environment's server is then not
   * used.
   */
  readonly args?: readonly string[] | undefined;
  /** Starts a server even if `REDIS_URL` names one, so that the test can kill or fill it. @default false */
  readonly own?: boolean | undefined;
  /** Port to listen on. @default any free port */
  readonly port?: number | undefined;
  /** Starts the binary as a sentinel with this configuration file. */
  readonly sentinelConfig?: string | undefined;
}

/** A redis-server that listens on 127.0.0.1. */
export interface RedisServer {
  readonly url: string;
  readonly port: number;
  /** False if the environment names the server: the test cannot stop or kill it. */
  readonly owned: boolean;
  /** Sends a signal to the server's process: `SIGKILL`, `SIGSTOP`, `SIGCONT`. */
  signal(name: NodeJS.Signals): void;
  /** Starts the server again on the same port after it was killed. Its data is gone. */
  restart(): Promise<void>;
  /** Runs redis-cli against the server and returns what it prints. */
  cli(...args: readonly string[]): Promise<string>;
  /** Stops the server if it was started here. A second call does nothing. */
  close(): Promise<void>;
}

/**
 * Returns the reason why redis-server cannot be started here, or undefined. Put the reason into the title of
 * the skipped suite.
 */
export async function redisMissing(which: "any" | "own" = "any"): Promise<string | undefined> {
  if (which === "any" && process.env["REDIS_URL"] !== undefined) return undefined;
  try {
    await run("redis-server", ["--version"]);
    return undefined;
  } catch {
    return "no redis-server: run tests/servers/prepare.sh";
  }
}

/** Starts a server that stores nothing on disk, or returns the one that `REDIS_URL` names. */
export async function startRedis(options: RedisServerOptions = {}): Promise<RedisServer> {
  const given = process.env["REDIS_URL"];
  if (given !== undefined && options.own !== true && options.args === undefined) return existing(given);
  const port = options.port ?? (await freePort());
  const folder = mkdtempSync(join(tmpdir(), "binnacle-redis-"));
  let child = await startProcess(port, folder, options);
  const stop = (): void => void child.kill("SIGKILL");
  process.once("exit", stop); // no server outlives the test run
  const end = async (): Promise<void> => {
    if (child.exitCode !== null || child.signalCode !== null) return;
    child.kill("SIGKILL"); // a stopped process ignores SIGTERM
    await once(child, "exit");
  };
  return {
    url: `redis://127.0.0.1:${port}`,
    port,
    owned: true,
    signal: (name) => void child.kill(name),
    restart: async () => {
      await end();
      child = await startProcess(port, folder, options);
    },
    cli: async (...args) => (await run("redis-cli", ["-p", String(port), ...args])).stdout,
    close: async () => {
      process.off("exit", stop);
      await end();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

function existing(url: string): RedisServer {
  const refuse = (): never => {
    throw new Error("REDIS_URL names a server that others may use; ask for a server of your own");
  };
  return {
    url,
    port: Number(new URL(url).port || 6379),
    owned: false,
    signal: refuse,
    restart: refuse,
    cli: async (...args) => (await run("redis-cli", ["-u", url, ...args])).stdout,
    close: () => Promise.resolve(),
  };
}

async function startProcess(
  port: number,
  folder: string,
  { args = [], sentinelConfig }: RedisServerOptions,
): Promise<ChildProcess> {
  const common = ["--port", String(port), "--bind", "127.0.0.1", "--dir", folder];
  const command =
    sentinelConfig === undefined
      ? [...common, "--save", "", "--appendonly", "no", ...args]
      : [sentinelConfig, "--sentinel", ...common, ...args];
  const child = spawn("redis-server", command, { stdio: ["ignore", "pipe", "pipe"] });
  let log = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding("utf8").on("data", (text: string) => (log = (log + text).slice(-2000)));
  }
  await once(child, "spawn");
  for (const end = Date.now() + 20_000; Date.now() < end; await wait(20)) {
    if (child.exitCode !== null) throw new Error(`redis-server ended with ${child.exitCode}: ${log}`);
    if (await isListening(port)) return child;
  }
  child.kill("SIGKILL");
  throw new Error(`redis-server did not listen on ${port} within 20 s: ${log}`);
}

async function isListening(port: number): Promise<boolean> {
  const socket = connect(port, "127.0.0.1");
  try {
    await once(socket, "connect");
    return true;
  } catch {
    return false; // not listening yet
  } finally {
    socket.destroy();
  }
}
