import type { Agent, Dispatcher } from "undici";
import { mutable, type TlsOptions } from "./tls-options.ts";

/** Options of {@link createConnections}. */
export interface ConnectionsOptions {
  readonly connectTimeoutMs: number;
  /** Used instead of an Agent of our own, and not closed. */
  readonly dispatcher?: Dispatcher | undefined;
  /** @default Node's own authorities, no client certificate */
  readonly tls?: TlsOptions | undefined;
  /** Offers HTTP/2 to servers with TLS. @default false */
  readonly http2?: boolean | undefined;
}

/** undici's connections of one client. */
export interface Connections {
  /** Loads undici. Called before anything else is waited for, so that whoever closes has an Agent to close. */
  open(): Promise<Dispatcher>;
  /** Whether this error, or its cause, came from a connection on which nothing had ever been answered. */
  isFromNewConnection(error: Error): boolean;
  /** True once a connection has negotiated HTTP/2, and always for a dispatcher of the app's, whose protocol is unknown. */
  readonly mayUseHttp2: boolean;
  /** Cuts every connection; what is under way fails. */
  close(): Promise<void>;
}

// Servers close idle connections after 5 s (Node, Qdrant, llama-server). Ours must be gone before, or a request can meet
// the server's close half-way. Where a server names its own time, undici subtracts 2 s from it.
const keepAliveTimeoutMs = 3_500;
const keepAliveMaxTimeoutMs = 30_000;
// Keeps a quiet HTTP/2 connection alive in the tables of proxies between.
const pingIntervalMs = 30_000;

/** Connections on an Agent of their own, made by the first `open`, or on the app's. */
export function createConnections(options: ConnectionsOptions): Connections {
  const seen: Seen = { errorsOfNewConnections: new WeakSet(), hasHttp2: false };
  let agent: Promise<Agent> | undefined;
  return {
    open: async () => options.dispatcher ?? (agent ??= openAgent(options, seen)),
    isFromNewConnection: (error) => seen.errorsOfNewConnections.has(error) || hasReadNothing(error),
    get mayUseHttp2() {
      return options.dispatcher !== undefined || seen.hasHttp2;
    },
    async close() {
      await (await agent)?.destroy();
    },
  };
}

/** What the connections of one client have shown so far. */
interface Seen {
  readonly errorsOfNewConnections: WeakSet<Error>;
  hasHttp2: boolean;
}

async function openAgent(
  { connectTimeoutMs, tls = {}, http2 = false }: ConnectionsOptions,
  seen: Seen,
): Promise<Agent> {
  const { Agent, buildConnector } = await import("undici");
  const { ca, serverName, ...rest } = tls;
  // Most servers choose the first protocol in their own list. Those that choose from ours are to find HTTP/2 first.
  const protocols = { allowH2: http2, preferH2: http2 };
  const connect = buildConnector({ timeout: connectTimeoutMs, ca: mutable(ca), ...rest, ...protocols });
  return new Agent({
    // The deadline of the call is the only timer; undici's own would end a long generation after 300 s.
    headersTimeout: 0,
    bodyTimeout: 0,
    keepAliveTimeout: keepAliveTimeoutMs,
    keepAliveMaxTimeout: keepAliveMaxTimeoutMs,
    allowH2: http2,
    // Without a number, undici sends one request at a time over HTTP/1.1 and as many as the server takes over HTTP/2.
    ...(http2 ? { pingInterval: pingIntervalMs } : { pipelining: 1 }),
    connect: (target, callback) => {
      connect(serverName === undefined ? target : { ...target, servername: serverName }, (...result) => {
        const [, socket] = result;
        if (socket && "alpnProtocol" in socket && socket.alpnProtocol === "h2") seen.hasHttp2 = true;
        socket?.prependListener("error", (error: Error) => {
          if (socket.bytesRead === 0) seen.errorsOfNewConnections.add(error);
        });
        callback(...result);
      });
    },
  });
}

/** Whether the connection that broke had never read anything: undici's SocketError says how much it had in its life. */
export function hasReadNothing(error: Error): boolean {
  if (!("socket" in error)) return false;
  const { socket } = error;
  return typeof socket === "object" && socket !== null && "bytesRead" in socket && socket.bytesRead === 0;
}
