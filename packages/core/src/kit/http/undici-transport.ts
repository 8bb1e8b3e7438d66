import type { Agent, Dispatcher } from "undici";
import type { HttpFetch } from "./http-fetch.ts";

/** Options of {@link createUndiciTransport}. */
export interface UndiciTransportOptions {
  readonly connectTimeoutMs: number;
  /** Used instead of an Agent of our own, and not closed. */
  readonly dispatcher?: Dispatcher | undefined;
}

/** A `fetch` with its connections. */
export interface Transport {
  readonly fetch: HttpFetch;
  /** Whether this error, or its cause, came from a connection on which nothing had ever been answered. */
  isFromNewConnection(error: Error): boolean;
  /** Cuts every connection; what is under way fails. */
  close(): Promise<void>;
}

// Servers close idle connections after 5 s (Node, Qdrant, llama-server). Ours must be gone before, or a request can meet
// the server's close half-way. Where a server names its own time, undici subtracts 2 s from it.
const keepAliveTimeoutMs = 3_500;
const keepAliveMaxTimeoutMs = 30_000;

/** undici's own fetch on an Agent of its own; both are loaded by the first request. */
export function createUndiciTransport(options: UndiciTransportOptions): Transport {
  const errorsOfNewConnections = new WeakSet<Error>();
  let agent: Promise<Agent> | undefined;
  const openDispatcher = async (): Promise<Dispatcher> =>
    options.dispatcher ?? (agent ??= openAgent(options.connectTimeoutMs, errorsOfNewConnections));
  return {
    async fetch(url, init) {
      // Asked for before anything is waited for, so that whoever closes has an Agent to close.
      const opening = openDispatcher();
      const [{ fetch }, dispatcher] = await Promise.all([import("undici"), opening]);
      return fetch(url, { ...init, dispatcher });
    },
    isFromNewConnection: (error) => errorsOfNewConnections.has(error) || hasReadNothing(error),
    async close() {
      await (await agent)?.destroy();
    },
  };
}

/** A `fetch` that was passed in. Its connections are its owner's. */
export function transportOf(fetch: HttpFetch): Transport {
  return { fetch, isFromNewConnection: hasReadNothing, close: () => Promise.resolve() };
}

async function openAgent(connectTimeoutMs: number, errorsOfNewConnections: WeakSet<Error>): Promise<Agent> {
  const { Agent, buildConnector } = await import("undici");
  const connect = buildConnector({ timeout: connectTimeoutMs, allowH2: false });
  return new Agent({
    // The deadline of the call is the only timer; undici's own would end a long generation after 300 s.
    headersTimeout: 0,
    bodyTimeout: 0,
    pipelining: 1,
    keepAliveTimeout: keepAliveTimeoutMs,
    keepAliveMaxTimeout: keepAliveMaxTimeoutMs,
    connect: (target, callback) => {
      connect(target, (...result) => {
        const [, socket] = result;
        socket?.prependListener("error", (error: Error) => {
          if (socket.bytesRead === 0) errorsOfNewConnections.add(error);
        });
        callback(...result);
      });
    },
  });
}

// undici's SocketError says how much its connection had read in its life.
function hasReadNothing(error: Error): boolean {
  if (!("socket" in error)) return false;
  const { socket } = error;
  return typeof socket === "object" && socket !== null && "bytesRead" in socket && socket.bytesRead === 0;
}
