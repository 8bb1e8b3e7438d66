import type { Socket } from "node:net";
import type { Agent, Dispatcher } from "undici";
import { mutable, type TlsOptions } from "./tls-options.ts";

/** Options of {@link createConnections}. */
export interface ConnectionsOptions {
  readonly connectTimeoutMs: number;
  /** The app's own dispatcher, which is not closed. @default an Agent of these connections */
  readonly dispatcher?: Dispatcher | undefined;
  /** TLS settings of the connections. @default Node's own authorities, no client certificate */
  readonly tls?: TlsOptions | undefined;
  /** Offers HTTP/2 to servers with TLS. @default false */
  readonly http2?: boolean | undefined;
}

/** The undici connections of one client. */
export interface Connections {
  /** Loads undici and returns its dispatcher. Call it before any other wait, so that `close` finds the
   * Agent. */
  open(): Promise<Dispatcher>;
  /** Returns true if this error came from a connection that never received a byte. */
  isFromNewConnection(error: Error): boolean;
  /** True once a connection uses HTTP/2. Always true for the app's dispatcher, whose protocol is unknown. */
  readonly mayUseHttp2: boolean;
  /** Closes every connection. Abort the running requests first: over HTTP/2 they may wait for ever. */
  close(): Promise<void>;
}

// Servers close idle connections after 5 s (Node, Qdrant, llama-server). The client must close them earlier,
// because a request may cross the server's close on the wire. If a server sends its own time, undici
// subtracts 2 s from it.
const keepAliveTimeoutMs = 3_500;
const keepAliveMaxTimeoutMs = 30_000;
// Proxies drop quiet HTTP/2 connections from their tables without pings.
const pingIntervalMs = 30_000;

/** Creates connections on the app's dispatcher, or on an own Agent that the first `open` creates. */
export function createConnections(options: ConnectionsOptions): Connections {
  const seen: Seen = { errorsOfNewConnections: new WeakSet(), http2Sockets: new Set(), hasHttp2: false };
  let agent: Promise<Agent> | undefined;
  return {
    open: async () => options.dispatcher ?? (agent ??= openAgent(options, seen)),
    isFromNewConnection: (error) => seen.errorsOfNewConnections.has(error) || hasReadNothing(error),
    get mayUseHttp2() {
      return options.dispatcher !== undefined || seen.hasHttp2;
    },
    async close() {
      const opened = await agent;
      // undici destroys its sockets with an error. The late answer to an aborted request is a stream without a
      // listener, so this error would end the process.
      for (const socket of seen.http2Sockets) socket.destroy();
      await opened?.destroy();
    },
  };
}

/** Facts that the connections of one client have shown so far. */
interface Seen {
  readonly errorsOfNewConnections: WeakSet<Error>;
  /** The open connections with HTTP/2. */
  readonly http2Sockets: Set<Socket>;
  hasHttp2: boolean;
}

async function openAgent(
  { connectTimeoutMs, tls = {}, http2 = false }: ConnectionsOptions,
  seen: Seen,
): Promise<Agent> {
  const { Agent, buildConnector } = await import("undici");
  const { ca, serverName, ...rest } = tls;
  // Most servers choose the first protocol of their own list. Others choose from this list, so HTTP/2 comes
  // first.
  const protocols = { allowH2: http2, preferH2: http2 };
  const connect = buildConnector({ timeout: connectTimeoutMs, ca: mutable(ca), ...rest, ...protocols });
  return new Agent({
    // The call's deadline is the only timer. undici's own timers would end a long generation after 300 s.
    headersTimeout: 0,
    bodyTimeout: 0,
    keepAliveTimeout: keepAliveTimeoutMs,
    keepAliveMaxTimeout: keepAliveMaxTimeoutMs,
    allowH2: http2,
    // Without `pipelining`, undici sends as many HTTP/2 requests at a time as the server takes.
    ...(http2 ? { pingInterval: pingIntervalMs } : { pipelining: 1 }),
    connect: (target, callback) => {
      connect(serverName === undefined ? target : { ...target, servername: serverName }, (...result) => {
        const [, socket] = result;
        if (socket && "alpnProtocol" in socket && socket.alpnProtocol === "h2") {
          seen.hasHttp2 = true;
          seen.http2Sockets.add(socket);
          socket.once("close", () => seen.http2Sockets.delete(socket));
        }
        socket?.prependListener("error", (error: Error) => {
          if (socket.bytesRead === 0) seen.errorsOfNewConnections.add(error);
        });
        callback(...result);
      });
    },
  });
}

/** Returns true if the broken connection never received a byte, which undici's SocketError reports. */
export function hasReadNothing(error: Error): boolean {
  if (!("socket" in error)) return false;
  const { socket } = error;
  return typeof socket === "object" && socket !== null && "bytesRead" in socket && socket.bytesRead === 0;
}
