import type { LanguageModelV4CallOptions, SharedV4Warning } from "@ai-sdk/provider";
import { UnsupportedError, type GenerateRequest, type JsonSchema, type ToolChoice } from "@binnacle/core";
import { isPlainObject } from "@binnacle/core/kit";
import { messagesOf } from "./messages-of.ts";

/** A request and the settings of the call that it cannot hold. */
export interface TranslatedCall {
  readonly request: GenerateRequest;
  readonly warnings: SharedV4Warning[];
}

/**
 * Translates a call of the AI SDK into a request. Settings without a counterpart become warnings, as is the
 * custom of the AI SDK. Throws an `UnsupportedError` for content that would be lost.
 */
export function generateRequestOf(options: LanguageModelV4CallOptions): TranslatedCall {
  const { maxOutputTokens, temperature, topP, seed, stopSequences, responseFormat, tools, toolChoice } =
    options;
  const functions = tools?.flatMap((tool) => (tool.type === "function" ? [tool] : [])) ?? [];
  const request: GenerateRequest = {
    messages: messagesOf(options.prompt),
    maxTokens: maxOutputTokens,
    temperature,
    topP,
    seed,
    stop: stopSequences,
    jsonSchema:
      responseFormat?.type === "json" ? schemaOf(responseFormat.schema ?? { type: "object" }) : undefined,
    tools:
      functions.length === 0
        ? undefined
        : functions.map(({ name, description, inputSchema }) => ({
            name,
            description,
            parameters: schemaOf(inputSchema),
          })),
    toolChoice: functions.length === 0 || toolChoice === undefined ? undefined : choiceOf(toolChoice),
  };
  return { request: withoutUndefined(request), warnings: warningsOf(options) };
}

function choiceOf(choice: NonNullable<LanguageModelV4CallOptions["toolChoice"]>): ToolChoice {
  return choice.type === "tool" ? { name: choice.toolName } : choice.type;
}

function warningsOf(options: LanguageModelV4CallOptions): SharedV4Warning[] {
  const { topK, presencePenalty, frequencyPenalty, reasoning = "provider-default", tools = [] } = options;
  const settings = { topK, presencePenalty, frequencyPenalty };
  const ignored = Object.entries(settings).flatMap(([name, value]) => (value === undefined ? [] : [name]));
  if (reasoning !== "provider-default") ignored.push("reasoning");
  for (const tool of tools) if (tool.type === "provider") ignored.push(`provider tool ${tool.id}`);
  return ignored.map((feature) => ({ type: "unsupported", feature }));
}

// A schema is JSON, so a round trip through text loses nothing and drops undefined keys.
function schemaOf(schema: unknown): JsonSchema {
  const copy: unknown = JSON.parse(JSON.stringify(schema));
  if (isJsonSchema(copy)) return copy;
  throw new UnsupportedError(
    "toAISDK: a JSON Schema that is `true` or `false` cannot be sent; pass an object",
    {
      capability: "jsonSchema",
    },
  );
}

function isJsonSchema(value: unknown): value is JsonSchema {
  return isPlainObject(value);
}

// Drivers refuse unknown keys, and a missing field is not the same as an undefined one for all of them.
function withoutUndefined(request: GenerateRequest): GenerateRequest {
  return {
    messages: request.messages,
    ...Object.fromEntries(Object.entries(request).filter(([, v]) => v !== undefined)),
  };
}
