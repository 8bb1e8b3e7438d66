import { ConfigurationError } from "@binnacle/core";
import { createApp, type AppOptions } from "./http/create-app.ts";
import { hostNames, isExposed, type HostNames } from "./http/host-check.ts";
import { defaultPlace, hintFor } from "./invocation.ts";
import type { RagSystem } from "./rag-system.ts";

/** The address to listen on and the hosts to answer for. */
export interface ListenOptions
  extends
    HostNames,
    Pick<
      AppOptions,
      | "log"
      | "jobs"
      | "allowedOrigins"
      | "requestsPerMinute"
      | "rates"
      | "meter"
      | "conversations"
      | "keys"
      | "audit"
    > {
  /** Port to listen on. 0 takes any free one. */
  readonly port: number;
}

/** A server that listens. */
export interface RunningServer {
  readonly url: string;
  /**
   * Refuses new requests and lets running answers continue for five seconds. Then it stops them with an
   * error.
   */
  close(): Promise<void>;
}

/** Starts the HTTP API over an open system. Without keys it listens only on addresses of this machine. */
export async function startServer(system: RagSystem, options: ListenOptions): Promise<RunningServer> {
  const { host, port, allowedHosts: _, ...appOptions } = options;
  if (options.keys === undefined && (await isExposed(host))) throw openServer(host);
  const app = await createApp(system, { ...appOptions, hostNames: await hostNames(options) });
  try {
    const url = await app.listen({ host, port });
    return { url, close: () => app.close() };
  } catch (error) {
    await app.close();
    throw listenError(error, host, port);
  }
}

function openServer(host: string): ConfigurationError {
  return new ConfigurationError(
    `without keys everybody who reaches ${host} could read and change all data; make keys with "${hintFor(["keys", "add", "ID", "--role", "reader", "--file", "FILE"], defaultPlace)}" and pass --keys FILE, or listen on 127.0.0.1`,
  );
}

function listenError(error: unknown, host: string, port: number): unknown {
  const code = error instanceof Error && "code" in error ? error.code : undefined;
  const reasons: Record<string, string> = {
    EADDRINUSE: `port ${port} is in use; choose another one with --port`,
    EACCES: `port ${port} needs more rights; choose one above 1023 with --port`,
    EADDRNOTAVAIL: `${host} is not an address of this machine; choose another one with --host`,
    ENOTFOUND: `${host} is not an address of this machine; choose another one with --host`,
  };
  const reason = typeof code === "string" ? reasons[code] : undefined;
  return reason === undefined ? error : new ConfigurationError(reason, { cause: error });
}
