import { spawn, type ChildProcessByStdio } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { join } from "node:path";
import process from "node:process";
import type { Readable } from "node:stream";
import { fileURLToPath } from "node:url";

const repository = fileURLToPath(new URL("../..", import.meta.url));
const script = fileURLToPath(new URL("qdrant-double/qdrant_double.py", import.meta.url));

/** The collection that allows the live tests to delete others. Test files that start together may each create
 * it. */
const MARK = "binnacle-live-tests";

/** Options of {@link startQdrant}. */
export interface QdrantServerOptions {
  /** Starts the double with this key, even if `QDRANT_URL` names a server. @default none */
  readonly apiKey?: string | undefined;
  /** Starts the double as a server of this version, even if `QDRANT_URL` names one. */
  readonly version?: string | undefined;
  /** Starts the double with this file of writes, so that a double that is started after it holds the same. */
  readonly journal?: string | undefined;
}

/** A Qdrant server, or its double. */
export interface QdrantServer {
  readonly url: string;
  /** The key of the server that `QDRANT_URL` names, or of the options. */
  readonly apiKey: string | undefined;
  /** True if this is the double. Its README lists what it lacks. */
  readonly isDouble: boolean;
  /** Sends a signal to the double: `SIGKILL`, `SIGSTOP`, `SIGCONT`. */
  signal(name: NodeJS.Signals): void;
  /** Starts the double again on the same port. It holds what its journal says. */
  restart(): Promise<void>;
  /** Stops the double. A second call does nothing. */
  close(): Promise<void>;
}

/**
 * Returns the reason why there is neither a server nor the double here, or undefined. With `own` only the
 * double counts. Put the reason into the title of the skipped suite.
 */
export function qdrantMissing(which: "any" | "own" = "any"): string | undefined {
  if (which === "any" && process.env["QDRANT_URL"] !== undefined) return undefined;
  if (existsSync(python())) return undefined;
  return "no QDRANT_URL and no double: run tests/servers/prepare.sh";
}

/** Returns the server that `QDRANT_URL` names, or starts the double. */
export async function startQdrant(options: QdrantServerOptions = {}): Promise<QdrantServer> {
  const { apiKey, version, journal } = options;
  const url = process.env["QDRANT_URL"];
  if (url !== undefined && Object.values(options).every((value) => value === undefined))
    return givenServer(url, process.env["QDRANT_API_KEY"]);
  const args = [
    script,
    ...(apiKey === undefined ? [] : ["--api-key", apiKey]),
    ...(version === undefined ? [] : ["--version", version]),
    ...(journal === undefined ? [] : ["--journal", journal]),
  ];
  let child = startDouble(args);
  const stop = (): void => void child.kill("SIGKILL");
  process.once("exit", stop);
  const port = await portOf(child.stdout);
  return {
    url: `http://127.0.0.1:${port}`,
    apiKey,
    isDouble: true,
    signal: (name) => void child.kill(name),
    restart: async () => {
      stop();
      if (child.exitCode === null && child.signalCode === null) await once(child, "exit");
      child = startDouble([...args, "--port", String(port)]);
      await portOf(child.stdout);
    },
    async close() {
      process.off("exit", stop);
      stop();
    },
  };
}

function startDouble(args: readonly string[]): ChildProcessByStdio<null, Readable, null> {
  // One thread, because the arrays are tiny and each idle thread of the linear algebra would take a core.
  const env = { ...process.env, OMP_NUM_THREADS: "1", OPENBLAS_NUM_THREADS: "1" };
  return spawn(python(), args, { stdio: ["ignore", "pipe", "inherit"], env });
}

/** Returns the server that `QDRANT_URL` names. The live tests delete its collections, so it must be empty at
 * first. A collection marks it afterwards. */
async function givenServer(url: string, apiKey: string | undefined): Promise<QdrantServer> {
  const headers = { "content-type": "application/json", ...(apiKey !== undefined && { "api-key": apiKey }) };
  const listed = await fetch(`${url}/collections`, { headers });
  const text = await listed.text();
  if (!listed.ok) throw new Error(`QDRANT_URL: GET /collections answered ${listed.status}: ${text}`);
  const names = [...text.matchAll(/"name":"([^"]*)"/g)].map(([, name]) => name);
  if (names.length > 0 && !names.includes(MARK))
    throw new Error(
      `QDRANT_URL names a server with ${names.length} collections. The live tests delete all collections of Binnacle there. Use an empty server, or create a collection "${MARK}" to allow that.`,
    );
  if (names.length === 0)
    await fetch(`${url}/collections/${MARK}`, { method: "PUT", headers, body: '{"vectors":{}}' });
  const refuse = (): never => {
    throw new Error("QDRANT_URL names a server that others may use; unset it to break a double");
  };
  return { url, apiKey, isDouble: false, signal: refuse, restart: refuse, close: async () => {} };
}

async function portOf(output: AsyncIterable<unknown>): Promise<number> {
  let text = "";
  for await (const piece of output) {
    text += String(piece);
    const port = /listening on (\d+)\n/.exec(text)?.[1];
    if (port !== undefined) return Number(port);
  }
  throw new Error(`the Qdrant double did not start: ${text}`);
}

function python(): string {
  const cache = process.env["BINNACLE_TEST_CACHE"] ?? join(repository, ".cache/servers");
  return join(cache, "qdrant-double/venv/bin/python");
}
