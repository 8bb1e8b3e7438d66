import { ConfigurationError, type ToolChoice, type ToolDefinition } from "@binnacle/core";
import { parseOptions } from "@binnacle/core/kit";
import { z } from "zod";

const toolSchema = z.object({
  function: z.object({
    name: z.string(),
    description: z.string().optional(),
    parameters: z.record(z.string(), z.json()).default({ type: "object", properties: {} }),
  }),
});

/** Translates tools in OpenAI's form, which LangChain uses between its parts. */
export function toolsOf(tools: readonly unknown[]): readonly ToolDefinition[] {
  const { tools: known } = parseOptions("toLangChain", z.object({ tools: z.array(toolSchema) }), { tools });
  return known.map(({ function: tool }) => tool);
}

/** Translates LangChain's choice of a tool: a word, a tool's name, or an object in OpenAI's form. */
export function toolChoiceOf(choice: string | Readonly<Record<string, unknown>>): ToolChoice {
  if (typeof choice === "string") {
    if (choice === "auto" || choice === "none" || choice === "required") return choice;
    return choice === "any" ? "required" : { name: choice };
  }
  const named = z.object({ function: z.object({ name: z.string() }) }).safeParse(choice);
  if (named.success) return { name: named.data.function.name };
  throw new ConfigurationError(
    `toLangChain: tool_choice: expected "auto", "any", "none", a tool's name or { function: { name } }, got ${JSON.stringify(choice)}`,
  );
}
