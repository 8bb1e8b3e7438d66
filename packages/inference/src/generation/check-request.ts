import type { GenerateRequest } from "@binnacle/core";
import { parseOptions } from "@binnacle/core/kit";
import { z } from "zod";

const partSchema = z.discriminatedUnion("type", [
  z.strictObject({ type: z.literal("text"), text: z.string() }),
  z.strictObject({
    type: z.literal("image"),
    image: z.strictObject({ mediaType: z.string().min(1), data: z.instanceof(Uint8Array) }),
  }),
]);

const content = z.union([z.string(), z.array(partSchema).min(1)]);
const text = z.string().min(1);
const toolCallSchema = z.strictObject({ id: text, name: text, arguments: z.string() });
const messageSchema = z.discriminatedUnion("role", [
  z.strictObject({ role: z.enum(["system", "user"]), content }),
  z.strictObject({
    role: z.literal("assistant"),
    content,
    reasoning: z.string().optional(),
    toolCalls: z.array(toolCallSchema).optional(),
  }),
  z.strictObject({ role: z.literal("tool"), toolCallId: text, content }),
]);
const jsonSchema = z.record(z.string(), z.json());
const toolSchema = z.strictObject({
  name: z.string().regex(/^[\w-]{1,64}$/, "must be 1 to 64 letters, digits, _ or -"),
  description: z.string().optional(),
  parameters: jsonSchema,
});
const grammarSchema = z.discriminatedUnion("syntax", [
  z.strictObject({ syntax: z.enum(["gbnf", "ebnf"]), grammar: text }),
  z.strictObject({ syntax: z.literal("regex"), pattern: text }),
  z.strictObject({ syntax: z.literal("choice"), choices: z.array(text).min(1) }),
]);

const requestSchema = z
  .strictObject({
    messages: z.array(messageSchema).min(1, "at least one message is needed"),
    maxTokens: z.int().positive().optional(),
    temperature: z.number().nonnegative().optional(),
    topP: z.number().positive().max(1).optional(),
    seed: z.int().optional(),
    stop: z.array(z.string().min(1)).optional(),
    model: text.optional(),
    adapter: text.optional(),
    jsonSchema: jsonSchema.optional(),
    grammar: grammarSchema.optional(),
    tools: z.array(toolSchema).optional(),
    toolChoice: z.union([z.enum(["auto", "none", "required"]), z.strictObject({ name: text })]).optional(),
    logprobs: z.int().min(0).max(20).optional(),
  })
  .superRefine(checkTogether);

/** Checks a request before anything is sent. Throws a `ConfigurationError` that lists every issue. */
export function checkRequest(component: string, request: GenerateRequest): GenerateRequest {
  return parseOptions(component, requestSchema, request);
}

function checkTogether(request: GenerateRequest, context: z.RefinementCtx): void {
  const { jsonSchema, grammar, tools = [], toolChoice } = request;
  const issue = (path: string, message: string): void =>
    context.addIssue({ code: "custom", path: [path], message });
  if (jsonSchema !== undefined && grammar !== undefined)
    issue("grammar", "cannot be used with jsonSchema; remove one of them");
  if (toolChoice === undefined || toolChoice === "none") return;
  if (tools.length === 0) issue("toolChoice", "needs tools to choose from");
  else if (typeof toolChoice === "object" && !tools.some(({ name }) => name === toolChoice.name))
    issue(
      "toolChoice.name",
      `must be one of ${tools.map(({ name }) => name).join(", ")}, got "${toolChoice.name}"`,
    );
}
