import { join } from "node:path";
import { ingestFolder } from "../../../../../examples/rag-server/src/commands/ingest.ts";
import { openRagSystem, type RagSystem } from "../../../../../examples/rag-server/src/rag-system.ts";
import { handbook } from "../../../../../examples/rag-server/src/testing/handbook.ts";
import { temporaryFolder } from "../../../../../examples/rag-server/src/testing/temporary-folder.ts";
import { createPlatformKeys, type PlatformKey } from "./platform-keys.ts";
import { startProgram, type RunningProgram } from "./start-program.ts";

/** A request to the platform. */
export interface PlatformRequest {
  /** @default "admin" */
  readonly key?: PlatformKey | undefined;
  /** An object is sent as JSON. */
  readonly body?: object | string | Uint8Array<ArrayBuffer> | undefined;
  readonly headers?: Readonly<Record<string, string>> | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** The example's server in a process of its own, over an indexed handbook, with keys. */
export interface Platform {
  readonly url: string;
  /** The data directory. */
  readonly data: string;
  /** Headers of the administrator's key. */
  readonly headers: Readonly<Record<string, string>>;
  readonly server: RunningProgram;
  send(method: string, path: string, request?: PlatformRequest): Promise<Response>;
  /** Starts a worker of the same queue and store. */
  startWorker(): Promise<RunningProgram>;
  close(): Promise<void>;
}

/** Options of {@link startPlatform}. */
export interface PlatformOptions {
  /** Addresses of the store, the models and Redis. */
  readonly environment?: NodeJS.ProcessEnv | undefined;
  /** Fills the store before the server starts. @default only the handbook is indexed */
  readonly prepare?: ((system: RagSystem) => Promise<void>) | undefined;
  /** Further options of Node for the server, such as `--cpu-prof`. @default none */
  readonly nodeArgs?: readonly string[] | undefined;
}

/** Indexes the handbook and starts the server. The collection `load` is empty and has no tenants. */
export async function startPlatform({
  environment = {},
  prepare,
  nodeArgs,
}: PlatformOptions = {}): Promise<Platform> {
  const data = await temporaryFolder();
  const keys = createPlatformKeys();
  const keyFile = { version: 1, keys: Object.values(keys).map(({ stored }) => stored) };
  await data.write({ "keys.json": JSON.stringify(keyFile) });
  const state = join(data.path, "state");
  await fillStore(state, environment, prepare);
  const started: RunningProgram[] = [];
  const start = async (...args: readonly string[]): Promise<RunningProgram> => {
    const program = await startProgram([...args, "--data", state], environment, { nodeArgs });
    started.push(program);
    return program;
  };
  const close = async (): Promise<void> => {
    for (const program of started) await program.close();
    await data.dispose();
  };
  try {
    const limits = ["--requests-per-minute", "1000000"];
    const guard = ["--keys", join(data.path, "keys.json")];
    const server = await start("serve", "--port", "0", ...limits, ...guard);
    const url = /http:\/\/[\d.:]+/.exec(server.greeting)?.[0] ?? "";
    const send: Platform["send"] = (method, path, { key = "admin", body, headers, signal } = {}) =>
      fetch(new URL(path, url), {
        method,
        headers: {
          ...keys[key].headers,
          ...(body !== undefined && { "content-type": "application/json" }),
          ...headers,
        },
        ...(body !== undefined && { body: isRaw(body) ? body : JSON.stringify(body) }),
        ...(signal && { signal }),
      });
    await made(await send("POST", "/api/v1/collections", { body: { name: "load" } }));
    return {
      url,
      data: state,
      headers: keys.admin.headers,
      server,
      send,
      startWorker: () => start("worker"),
      close,
    };
  } catch (error) {
    await close();
    throw error;
  }
}

function isRaw(body: object | string): body is string | Uint8Array<ArrayBuffer> {
  return typeof body === "string" || body instanceof Uint8Array;
}

async function made(response: Response): Promise<void> {
  const text = await response.text();
  if (!response.ok) throw new Error(`the platform does not start: ${response.status} ${text}`);
}

async function fillStore(
  data: string,
  environment: NodeJS.ProcessEnv,
  prepare: PlatformOptions["prepare"],
): Promise<void> {
  const folder = await temporaryFolder(handbook);
  const system = await openRagSystem({ data, collection: "documents", environment });
  try {
    await ingestFolder(system, { place: folder.path });
    await prepare?.(system);
  } finally {
    await system.close();
    await folder.dispose();
  }
}
