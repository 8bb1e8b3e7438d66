import { execFileSync, spawn, type ChildProcess, type ChildProcessByStdio } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import type { Readable } from "node:stream";
import { fileURLToPath } from "node:url";
import { freePort } from "./free-port.ts";

const repository = fileURLToPath(new URL("../..", import.meta.url));
const buildScript = fileURLToPath(new URL("kubelab/build.sh", import.meta.url));
const readyMs = 120_000;

/** Options of {@link startKubelab}. */
export interface KubelabOptions {
  /** Starts a server even if `BINNACLE_TEST_KUBECONFIG` names a cluster, so that the test can stop or break
   * it. @default false */
  readonly own?: boolean | undefined;
  /** Children to run: `kcm`, `scheduler` and `kwok`. @default none, so that only the API server runs */
  readonly with?: readonly ("kcm" | "scheduler" | "kwok")[] | undefined;
  /** More flags for kube-apiserver, such as `--feature-gates=WatchList=false`. @default none */
  readonly flags?: readonly string[] | undefined;
}

/** A Kubernetes control plane on 127.0.0.1, or the cluster that `BINNACLE_TEST_KUBECONFIG` names. The usual
 * `KUBECONFIG` is not read, because the tests create and delete objects. */
export interface Kubelab {
  /** Path of a kubeconfig with all rights. */
  readonly kubeconfig: string;
  /** False if the environment names the cluster: the test cannot stop or break it. */
  readonly owned: boolean;
  /** Sends a signal to the process: `SIGSTOP`, `SIGCONT`, or `SIGUSR1`, which compacts etcd. */
  signal(name: NodeJS.Signals): void;
  /** Kills the process and starts it again with the same state and address. */
  restart(): Promise<void>;
  /** Stops the server and removes its state. A second call does nothing. */
  close(): Promise<void>;
}

/** Returns the reason why the server cannot be started here, or undefined. Put the reason into the title of
 * the skipped suite. */
export function kubelabMissing(which: "any" | "own" = "any"): string | undefined {
  if (which === "any" && process.env["BINNACLE_TEST_KUBECONFIG"] !== undefined) return undefined;
  return binary() === undefined ? "no kubelab: install Go and run tests/servers/prepare.sh" : undefined;
}

/** Starts etcd and kube-apiserver in one process, with an empty state, or returns the cluster that
 * `BINNACLE_TEST_KUBECONFIG` names. */
export async function startKubelab(options: KubelabOptions = {}): Promise<Kubelab> {
  const given = process.env["BINNACLE_TEST_KUBECONFIG"];
  if (given !== undefined && options.own !== true && options.flags === undefined) return existing(given);
  const folder = mkdtempSync(join(tmpdir(), "binnacle-kubelab-"));
  const address = `127.0.0.1:${await freePort()}`;
  let child = await startProcess(folder, address, options);
  const stop = (): void => void child.kill("SIGKILL");
  process.once("exit", stop); // no server outlives the test run
  return {
    kubeconfig: join(folder, "kubeconfig"),
    owned: true,
    signal: (name) => void child.kill(name),
    async restart() {
      await killed(child);
      child = await startProcess(folder, address, options);
    },
    async close() {
      process.off("exit", stop);
      await killed(child);
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

function existing(kubeconfig: string): Kubelab {
  const refuse = (): never => {
    throw new Error(
      "BINNACLE_TEST_KUBECONFIG names a cluster that others may use; ask for a server of your own",
    );
  };
  return { kubeconfig, owned: false, signal: refuse, restart: refuse, close: () => Promise.resolve() };
}

async function startProcess(folder: string, address: string, options: KubelabOptions): Promise<ChildProcess> {
  const program = binary();
  if (program === undefined) throw new Error(kubelabMissing());
  const { with: children = [], flags = [] } = options;
  const args = ["-dir", folder, "-addr", address, "-with", children.join(" "), "--", ...flags];
  const env = { ...process.env, GOMAXPROCS: "2", GOGC: "200" };
  const child = spawn("nice", ["-n", "5", program, ...args], { stdio: ["ignore", "pipe", "pipe"], env });
  await ready(child);
  return child;
}

/** Waits for the server. The output stays open, because the server would end at its next line otherwise. */
async function ready(child: ChildProcessByStdio<null, Readable, Readable>): Promise<void> {
  let [output, log] = ["", ""];
  child.stderr.setEncoding("utf8").on("data", (text: string) => (log = (log + text).slice(-4000)));
  const timer = setTimeout(() => child.kill("SIGKILL"), readyMs);
  await new Promise<void>((resolve, reject) => {
    child.stdout.setEncoding("utf8").on("data", (text: string) => {
      output = (output + text).slice(-4000);
      if (output.includes("READY ")) resolve();
    });
    child.once("error", reject);
    child.once("exit", () => reject(new Error(`kubelab ended before it was ready: ${log}`)));
  }).finally(() => clearTimeout(timer));
}

async function killed(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = new Promise((resolve) => child.once("exit", resolve));
  child.kill("SIGKILL"); // a stopped process ignores SIGTERM
  await ended;
}

function binary(): string | undefined {
  const cache = process.env["BINNACLE_TEST_CACHE"] ?? join(repository, ".cache/servers");
  try {
    const env = { ...process.env, BINNACLE_TEST_CACHE: cache };
    return execFileSync(buildScript, ["--check"], {
      env,
      encoding: "utf8",
      stdio: ["ignore", "pipe", "ignore"],
    }).trim();
  } catch {
    return undefined; // not built here
  }
}
