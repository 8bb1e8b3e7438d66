import { execFile } from "node:child_process";
import { join, resolve } from "node:path";
import process from "node:process";
import { promisify } from "node:util";
import { freePort } from "./free-port.ts";
import { givenServer, startServer, type StartedServer } from "./start-server.ts";

/** A Triton server on 127.0.0.1. `url` is its gRPC port. */
export interface Triton extends StartedServer {
  /** Address of its HTTP port. */
  readonly httpUrl: string;
}

/** Options of {@link startTriton}. */
export interface TritonOptions {
  /** If true, the environment's server is not used. @default false */
  readonly own?: boolean | undefined;
  /** An earlier server whose ports are used again. @default any free ports */
  readonly like?: Triton | undefined;
  /** Folder of the models. @default `triton-models`, beside this file */
  readonly models?: string | undefined;
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
 * Starts a server with small models, or returns the environment's: `TRITON_URL` is its gRPC port, such as
 * `grpc://127.0.0.1:8001`, and `TRITON_HTTP_URL` its HTTP port.
 */
export async function startTriton({ own = false, like, models }: TritonOptions = {}): Promise<Triton> {
  const { TRITON_URL: given, TRITON_HTTP_URL: givenHttp } = process.env;
  if (given !== undefined && !own) {
    const httpUrl = givenHttp ?? given.replace(/^grpc/, "http").replace(/:8001$/, ":8000");
    return { ...givenServer(given), httpUrl };
  }
  const cache = process.env["BINNACLE_TEST_CACHE"] ?? join(repository, ".cache/servers");
  const http = like === undefined ? await freePort() : Number(new URL(like.httpUrl).port);
  const grpc = like === undefined ? await freePort() : Number(new URL(like.url).port);
  const server = await startServer({
    name: "tritonserver",
    command: join(cache, "triton/bin/tritonserver"),
    args: [
      `--model-repository=${models ?? join(import.meta.dirname, "triton-models")}`,
      ...fixedArgs,
      `--http-port=${http}`,
      `--grpc-port=${grpc}`,
    ],
    path: "/v2/health/ready",
    port: http,
  });
  return { ...server, url: `grpc://127.0.0.1:${grpc}`, httpUrl: server.url };
}

const fixedArgs = [
  "--model-control-mode=explicit",
  "--load-model=*",
  "--disable-auto-complete-config",
  "--allow-metrics=false",
  "--http-address=127.0.0.1",
  "--http-thread-count=2",
  "--grpc-address=127.0.0.1",
  "--exit-timeout-secs=5",
];
