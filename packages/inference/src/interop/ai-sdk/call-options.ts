import type {
  LanguageModelV4CallOptions,
  LanguageModelV4FilePart,
  LanguageModelV4FunctionTool,
  LanguageModelV4Message,
  LanguageModelV4TextPart,
  LanguageModelV4ToolCallPart,
  LanguageModelV4ToolChoice,
} from "@ai-sdk/provider";
import type {
  ChatMessage,
  ContentPart,
  GenerateRequest,
  ToolCall,
  ToolChoice,
  ToolDefinition,
} from "@binnacle/core";
import type { AttemptOptions } from "../../generation/timed-generation.ts";

/** Translates a checked request into the options of an AI SDK language model. */
export function callOptions(request: GenerateRequest, call: AttemptOptions): LanguageModelV4CallOptions {
  const { messages, maxTokens, temperature, topP, seed, stop, jsonSchema, tools, toolChoice } = request;
  return {
    prompt: promptOf(messages),
    abortSignal: call.signal,
    headers: { "x-request-id": call.requestId, traceparent: call.traceparent },
    ...(maxTokens === undefined ? {} : { maxOutputTokens: maxTokens }),
    ...(temperature === undefined ? {} : { temperature }),
    ...(topP === undefined ? {} : { topP }),
    ...(seed === undefined ? {} : { seed }),
    ...(stop === undefined ? {} : { stopSequences: [...stop] }),
    ...(jsonSchema === undefined ? {} : { responseFormat: { type: "json", schema: jsonSchema } }),
    ...(tools === undefined ? {} : { tools: tools.map(toolOf) }),
    ...(toolChoice === undefined ? {} : { toolChoice: choiceOf(toolChoice) }),
  };
}

function toolOf({ name, description, parameters }: ToolDefinition): LanguageModelV4FunctionTool {
  const tool = { type: "function", name, inputSchema: parameters } as const;
  return description === undefined ? tool : { ...tool, description };
}

function choiceOf(choice: ToolChoice): LanguageModelV4ToolChoice {
  return typeof choice === "string" ? { type: choice } : { type: "tool", toolName: choice.name };
}

function promptOf(messages: readonly ChatMessage[]): LanguageModelV4Message[] {
  const names = new Map<string, string>();
  return messages.map((message): LanguageModelV4Message => {
    switch (message.role) {
      case "system":
        return { role: "system", content: textOf(message.content) };
      case "user":
        return { role: "user", content: partsOf(message.content) };
      case "assistant": {
        const { content, reasoning, toolCalls = [] } = message;
        for (const { id, name } of toolCalls) names.set(id, name);
        return {
          role: "assistant",
          content: [
            ...(reasoning === undefined ? [] : [{ type: "reasoning" as const, text: reasoning }]),
            ...(content === "" ? [] : partsOf(content)),
            ...toolCalls.map(callPart),
          ],
        };
      }
      case "tool": {
        const { toolCallId, content } = message;
        const output = { type: "text" as const, value: textOf(content) };
        const toolName = names.get(toolCallId) ?? "unknown";
        return { role: "tool", content: [{ type: "tool-result", toolCallId, toolName, output }] };
      }
      default:
        return message satisfies never;
    }
  });
}

function textOf(content: string | readonly ContentPart[]): string {
  if (typeof content === "string") return content;
  return content.map((part) => (part.type === "text" ? part.text : "")).join("\n");
}

function partsOf(
  content: string | readonly ContentPart[],
): (LanguageModelV4TextPart | LanguageModelV4FilePart)[] {
  if (typeof content === "string") return [{ type: "text", text: content }];
  return content.map((part) =>
    part.type === "text"
      ? { type: "text", text: part.text }
      : {
          type: "file",
          mediaType: part.image.mediaType,
          data: { type: "data", data: part.image.data },
        },
  );
}

function callPart({ id, name, arguments: text }: ToolCall): LanguageModelV4ToolCallPart {
  return { type: "tool-call", toolCallId: id, toolName: name, input: parsed(text) };
}

// A model may have written broken JSON. It then goes back to the model as the text that it wrote.
function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    return text;
  }
}
