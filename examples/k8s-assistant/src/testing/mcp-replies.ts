import { z } from "zod";

/** The reply of an MCP server to `tools/list`. */
export const toolList = z.object({
  result: z.object({
    tools: z.array(z.object({ name: z.string(), annotations: z.object({ readOnlyHint: z.boolean() }) })),
  }),
});

/** The reply of an MCP server to `tools/call`. */
export const toolText = z.object({
  result: z.object({ content: z.array(z.object({ text: z.string() })) }),
});
