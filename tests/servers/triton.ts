import { execFile, spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { setPriority } from "node:os";
import { join, resolve } from "node:path";
import process from "node:process";
import { setTimeout as wait } from "node:timers/promises";
import { promisify } from "node:util";
import { freePort } from "./free-port.ts";

/** A Triton server on 127.0.0.1 with the models of `triton-models`. */
export interface Triton {
  /** Address of its gRPC port. */
  readonly url: string;
  /** Address of its HTTP port. */
  readonly httpUrl: string;
  /** False if the environment names the server, which a test cannot stop or kill. */
  readonly owned: boolean;
  /** Sends a signal to the server's process. */
  signal(name: NodeJS.Signals): void;
  /** Resolves when the process has ended. */
  ended(): Promise<void>;
  /** Stops the server if it was started here. A second call does nothing. */
  close(): Promise<void>;
}

const repository = resolve(import.meta.dirname, "../..");

/**
 * Returns the reason why there is no Triton here, or undefined. The first use installs it, which needs the
 * network. Put the reason into the title of the skipped suite. With `own` the environment's server does not
 * count, for suites that break their server.
 */
export async function tritonMissing(which: "any" | "own" = "any"): Promise<string | undefined> {
  if (which === "any" && process.env["TRITON_URL"] !== undefined) return undefined;
  try {
    await promisify(execFile)(join(import.meta.dirname, "prepare.sh"));
    return undefined;
  } catch (error) {
    return `no Triton: ${error instanceof Error ? error.message.trim().split("\n").at(-1) : String(error)}`;
  }
}

/**
 * Starts a server, or returns the environment's: `TRITON_URL` is its gRPC port, such as
 * `grpc://127.0.0.1:8001`, and `TRITON_HTTP_URL` its HTTP port. With `own` it always starts a server, on
 * the ports of an earlier one if `ports` names it.
 */
export async function startTriton(
  which: "any" | "own" = "any",
  ports?: Pick<Triton, "url" | "httpUrl">,
): Promise<Triton> {
  const { TRITON_URL: given, TRITON_HTTP_URL: givenHttp } = process.env;
  if (which === "any" && given !== undefined) {
    const httpUrl = givenHttp ?? given.replace(/^grpc/, "http").replace(/:8001$/, ":8000");
    const nothing = (): Promise<void> => Promise.resolve();
    return { url: given, httpUrl, owned: false, signal: refuse, ended: nothing, close: nothing };
  }
  const cache = process.env["BINNACLE_TEST_CACHE"] ?? join(repository, ".cache/servers");
  const http = ports === undefined ? await freePort() : Number(new URL(ports.httpUrl).port);
  const grpc = ports === undefined ? await freePort() : Number(new URL(ports.url).port);
  const child = spawn(join(cache, "triton/bin/tritonserver"), serverArgs(http, grpc), {
    stdio: ["ignore", "ignore", "pipe"],
    detached: true, // the models' processes belong to its group
  });
  const kill = (): void => {
    try {
      if (child.pid !== undefined) process.kill(-child.pid, "SIGKILL");
    } catch (error) {
      if (!(error instanceof Error && "code" in error && error.code === "ESRCH")) throw error; // all have ended
    }
  };
  process.once("exit", kill); // no server outlives the test run
  const close = async (): Promise<void> => {
    process.off("exit", kill);
    kill(); // a killed server leaves the processes of its models behind
    if (isRunning(child)) await once(child, "exit");
  };
  const ended = async (): Promise<void> => {
    if (isRunning(child)) await once(child, "exit");
  };
  try {
    const httpUrl = `http://127.0.0.1:${http}`;
    await ready(httpUrl, child);
    const signal = (name: NodeJS.Signals): void => void child.kill(name);
    return { url: `grpc://127.0.0.1:${grpc}`, httpUrl, owned: true, signal, ended, close };
  } catch (error) {
    await close();
    throw error;
  }
}

function serverArgs(http: number, grpc: number): readonly string[] {
  return [
    `--model-repository=${join(import.meta.dirname, "triton-models")}`,
    "--model-control-mode=explicit",
    "--load-model=*",
    "--disable-auto-complete-config",
    "--allow-metrics=false",
    "--http-address=127.0.0.1",
    `--http-port=${http}`,
    "--http-thread-count=2",
    "--grpc-address=127.0.0.1",
    `--grpc-port=${grpc}`,
    "--exit-timeout-secs=5",
  ];
}

async function ready(httpUrl: string, child: ChildProcess): Promise<void> {
  let log = "";
  child.stderr?.setEncoding("utf8").on("data", (text: string) => (log = (log + text).slice(-4000)));
  await once(child, "spawn");
  setPriority(child.pid ?? 0, 10);
  for (const end = Date.now() + 60_000; Date.now() < end; await wait(50)) {
    if (!isRunning(child)) throw new Error(`tritonserver ended with ${child.exitCode}: ${log}`);
    const status = await fetch(`${httpUrl}/v2/health/ready`).then(
      (response) => response.status,
      () => 0, // not listening yet
    );
    if (status === 200) return;
  }
  throw new Error(`tritonserver was not ready within a minute: ${log}`);
}

function isRunning(child: ChildProcess): boolean {
  return child.exitCode === null && child.signalCode === null;
}

function refuse(): never {
  throw new Error("this Triton was started by someone else; unset TRITON_URL to let the tests start one");
}
