import { once } from "node:events";
import { createServer } from "node:http";
import { toNodeHandler } from "@modelcontextprotocol/node";
import { createMcpHandler, type McpServer } from "@modelcontextprotocol/server";

/** Options of {@link serveOverHttp}. */
export interface HttpOptions {
  readonly port: number;
  readonly signal: AbortSignal | undefined;
  /** Called with the address once the server listens. */
  readonly onUrl: (url: string) => void;
}

const localNames = new Set(["127.0.0.1", "localhost", "[::1]"]);

/** Serves streamable HTTP on 127.0.0.1 until the signal fires. A request for another host is refused, so that no
 * foreign page whose name points at this machine reaches the tools. */
export async function serveOverHttp(
  create: () => McpServer,
  { port, signal, onUrl }: HttpOptions,
): Promise<void> {
  const handler = createMcpHandler(create);
  const handle = toNodeHandler(handler);
  const server = createServer((request, response) => {
    const host = (request.headers.host ?? "").replace(/:\d+$/, "");
    const { origin } = request.headers;
    const isForeign =
      !localNames.has(host) || (origin !== undefined && !localNames.has(URL.parse(origin)?.hostname ?? ""));
    if (isForeign || request.url !== "/mcp") {
      response.writeHead(isForeign ? 421 : 404).end();
      return;
    }
    const { method = "GET", url = "/" } = request;
    void handle(Object.assign(request, { method, url }), response);
  });
  server.listen(port, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  onUrl(`http://127.0.0.1:${typeof address === "object" && address !== null ? address.port : port}/mcp`);
  if (signal?.aborted !== true && signal !== undefined) await once(signal, "abort");
  await handler.close();
  server.closeAllConnections();
  server.close();
}
