import { exitStatus } from "../cli/exit-status.ts";
import type { Terminal } from "../cli/terminal.ts";
import { withIndex } from "../cluster/open-index.ts";
import { lazyReader } from "../cluster/lazy-reader.ts";
import { createAssistant } from "../assistant/assistant.ts";
import { serveOverHttp } from "../mcp/serve-over-http.ts";
import { serveOverStdio } from "../mcp/serve-over-stdio.ts";
import { createMcpServer } from "../mcp/create-mcp-server.ts";
import type { AssistantCommandOptions } from "./ask.ts";

/** Options of `mcp`. */
export interface McpOptions extends AssistantCommandOptions {
  /** Undefined: stdin and stdout. */
  readonly http?: number | undefined;
}

/** Serves the assistant's tools over MCP until the client leaves or the process is stopped. */
export async function mcp(options: McpOptions, terminal: Terminal): Promise<number> {
  return await withIndex({ ...options, mustExist: true }, async (open) => {
    const reader = lazyReader(open, options);
    const { budget, checkAccess, http } = options;
    const assistant = createAssistant({ open, connect: reader.connect, checkAccess, budget });
    const create = (): ReturnType<typeof createMcpServer> => createMcpServer({ assistant, open, budget });
    try {
      if (http === undefined) await serveOverStdio(create, options.signal);
      else
        await serveOverHttp(create, {
          port: http,
          signal: options.signal,
          onUrl: (url) => terminal.note(`MCP at ${url}`),
        });
      return exitStatus.ok;
    } finally {
      await reader.close();
    }
  });
}
