import { once } from "node:events";
import { createServer, request as send, Agent, type IncomingMessage, type ServerResponse } from "node:http";
import type { Readable } from "node:stream";

/** A request that passes through the proxy. */
export interface ProxiedRequest {
  readonly method: string;
  /** Path and query. */
  readonly path: string;
  readonly body: Buffer;
}

/** An answer for the client. */
export interface ProxyAnswer {
  readonly status: number;
  readonly body: Buffer | string;
}

/** Sends the request to the server, with another body if one is given. */
export type Forward = (body?: Buffer | string) => Promise<ProxyAnswer>;

/**
 * Decides the answer to the client. `cut` breaks the connection before the answer, and `cut-answer` half way
 * through the server's answer. `hang` leaves the client without an answer.
 */
export type ProxyRule = (
  request: ProxiedRequest,
  forward: Forward,
) => Promise<ProxyAnswer | "cut" | "cut-answer" | "hang">;

/** Options of {@link startFaultProxy}. */
export interface FaultProxyOptions {
  /** Closes a connection that was idle for so long. The client gets no hint. @default never */
  readonly idleMs?: number | undefined;
}

/** A proxy in front of a server. */
export interface FaultProxy {
  readonly url: string;
  /** The server; may be changed between requests. Undefined: every connection breaks. */
  target: string | undefined;
  /** Connections that clients opened. */
  readonly connections: number;
  close(): Promise<void>;
}

/** Starts a proxy that breaks what `rule` says. */
export async function startFaultProxy(
  target: string | undefined,
  rule: ProxyRule = (_, forward) => forward(),
  { idleMs }: FaultProxyOptions = {},
): Promise<FaultProxy> {
  const agent = new Agent({ keepAlive: true });
  const state = { target, connections: 0 };
  const server = createServer((incoming, response) => {
    answer(incoming, response).catch(() => incoming.socket.destroy()); // a message that was read would keep it open
  });
  async function answer(incoming: IncomingMessage, response: ServerResponse): Promise<void> {
    const { method = "GET", url = "/" } = incoming;
    const request = { method, path: url, body: await bytesOf(incoming) };
    const { "content-type": type = "", "api-key": key = "" } = incoming.headers;
    const headers = { "content-type": type, "api-key": String(key) };
    const forward: Forward = (body = request.body) =>
      forwarded({ ...request, body: Buffer.from(body) }, state.target, headers, agent);
    const given = await rule(request, forward);
    if (given === "hang") return;
    if (given === "cut") return void incoming.socket.destroy();
    const { status, body } = given === "cut-answer" ? await forward() : given;
    response.writeHead(status, {
      "content-type": "application/json",
      "content-length": Buffer.byteLength(body),
    });
    if (given !== "cut-answer") return void response.end(body);
    response.write(Buffer.from(body).subarray(0, Math.floor(Buffer.byteLength(body) / 2)));
    setTimeout(() => incoming.socket.destroy(), 2);
  }
  server.keepAliveTimeout = 0;
  server.on("connection", (socket) => {
    state.connections += 1;
    socket.on("error", () => {}); // the client may break it too
  });
  const idle = new WeakMap<object, NodeJS.Timeout>();
  if (idleMs !== undefined)
    server.prependListener("request", ({ socket }: IncomingMessage, response: ServerResponse) => {
      clearTimeout(idle.get(socket));
      response.once("finish", () =>
        idle.set(
          socket,
          setTimeout(() => socket.destroy(), idleMs),
        ),
      );
    });
  await once(server.listen(0, "127.0.0.1"), "listening");
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("the proxy has no port");
  return {
    url: `http://127.0.0.1:${address.port}`,
    get target() {
      return state.target;
    },
    set target(url) {
      state.target = url;
    },
    get connections() {
      return state.connections;
    },
    close: async () => {
      agent.destroy();
      server.close();
      server.closeAllConnections();
      await once(server, "close");
    },
  };
}

async function forwarded(
  { method, path, body }: ProxiedRequest,
  target: string | undefined,
  headers: Readonly<Record<string, string>>,
  agent: Agent,
): Promise<ProxyAnswer> {
  if (target === undefined) throw new Error("no server behind the proxy");
  const sent = { method, agent, headers: { ...headers, "content-length": body.byteLength } };
  const request = send(new URL(path, target), sent).end(body);
  const { promise, resolve, reject } = Promise.withResolvers<IncomingMessage>();
  request.once("response", resolve).on("error", reject);
  const response = await promise;
  return { status: response.statusCode ?? 0, body: await bytesOf(response) };
}

async function bytesOf(stream: Readable): Promise<Buffer> {
  const pieces: Buffer[] = [];
  for await (const piece of stream) pieces.push(Buffer.from(piece));
  return Buffer.concat(pieces);
}
