import { FakeEmbedder } from "@binnacle/core/testing";
import { MemoryStore } from "@binnacle/retriever";
import type { FastifyInstance, LightMyRequestResponse } from "fastify";
import { createApp, type AppOptions } from "../http/create-app.ts";
import { openRagSystem, type RagSystem } from "../rag-system.ts";
import { temporaryFolder } from "./temporary-folder.ts";

/** The methods that the API uses. */
export type Method = "GET" | "POST" | "PUT" | "DELETE";

/** A server over an empty store, called without a socket. */
export interface OpenedApi {
  readonly app: FastifyInstance;
  readonly system: RagSystem;
  /** Calls a route under `/api/v1`. */
  call(
    method: Method,
    path: string,
    body?: object | string | Buffer,
    headers?: Readonly<Record<string, string>>,
  ): Promise<LightMyRequestResponse>;
  close(): Promise<void>;
}

/** Options of {@link openApi}. */
export interface OpenApiOptions extends AppOptions {
  /** `memory`: a store that starts at once. `environment`: the store of a server with this environment.
   * @default "memory" */
  readonly storeOf?: "memory" | "environment" | undefined;
  readonly environment?: NodeJS.ProcessEnv | undefined;
  /** Parts that replace those of the environment. */
  readonly parts?: Partial<Pick<RagSystem, "backend" | "embedder" | "store">> | undefined;
}

/** Opens the API with an embedder of eight dimensions, and without a model. */
export async function openApi({
  storeOf = "memory",
  environment = {},
  parts,
  ...options
}: OpenApiOptions = {}): Promise<OpenedApi> {
  const data = await temporaryFolder();
  const opened = await openRagSystem({ data: data.path, collection: "documents", environment });
  const store = storeOf === "memory" ? new MemoryStore() : opened.store;
  const system = { ...opened, store, embedder: new FakeEmbedder({ dimensions: 8 }), ...parts };
  const app = await createApp(system, {
    requestsPerMinute: 100_000,
    log: { write: () => undefined },
    ...options,
  });
  return {
    app,
    system,
    call: (method, path, body, headers = {}) =>
      app.inject({
        method,
        url: `/api/v1${path}`,
        ...(body === undefined ? {} : { payload: body }),
        headers,
      }),
    close: async () => {
      await app.close();
      await opened.close();
      await data.dispose();
    },
  };
}
