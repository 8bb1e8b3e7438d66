import type { McpServer } from "@modelcontextprotocol/server";
import { serveStdio, StdioServerTransport } from "@modelcontextprotocol/server/stdio";

/** Serves over stdin and stdout until stdin ends or the signal fires. */
export async function serveOverStdio(
  create: () => McpServer,
  signal: AbortSignal | undefined,
): Promise<void> {
  const ended = Promise.withResolvers<void>();
  const end = (): void => ended.resolve();
  signal?.addEventListener("abort", end, { once: true });
  process.stdin.once("end", end);
  const handle = serveStdio(create, { transport: new StdioServerTransport() });
  await ended.promise;
  await handle.close();
}
