import type {
  LanguageModelV4FilePart,
  LanguageModelV4Message,
  LanguageModelV4Prompt,
  LanguageModelV4TextPart,
  LanguageModelV4ToolResultPart,
} from "@ai-sdk/provider";
import { UnsupportedError, type ChatMessage, type ContentPart, type ToolCall } from "@binnacle/core";

/** Translates a prompt of the AI SDK into messages. Throws an `UnsupportedError` for parts that have no form. */
export function messagesOf(prompt: LanguageModelV4Prompt): readonly ChatMessage[] {
  return prompt.flatMap(messageOf);
}

function messageOf(message: LanguageModelV4Message): readonly ChatMessage[] {
  switch (message.role) {
    case "system":
      return [{ role: "system", content: message.content }];
    case "user":
      return [{ role: "user", content: contentOf(message.content) }];
    case "assistant":
      return [assistantOf(message.content)];
    case "tool":
      return message.content.map((part) =>
        part.type === "tool-result" ? resultOf(part) : refuse(`a part of type "${part.type}"`),
      );
    default:
      return message satisfies never;
  }
}

type AssistantContent = Extract<LanguageModelV4Message, { role: "assistant" }>["content"];

function assistantOf(content: AssistantContent): ChatMessage {
  let reasoning = "";
  const texts: string[] = [];
  const toolCalls: ToolCall[] = [];
  for (const part of content) {
    if (part.type === "text") texts.push(part.text);
    else if (part.type === "reasoning") reasoning += part.text;
    else if (part.type === "tool-call" && part.providerExecuted !== true)
      toolCalls.push({ id: part.toolCallId, name: part.toolName, arguments: inputOf(part.input) });
    else refuse(`an assistant's part of type "${part.type}"`);
  }
  return {
    role: "assistant",
    content: texts.join(""),
    ...(reasoning === "" ? {} : { reasoning }),
    ...(toolCalls.length === 0 ? {} : { toolCalls }),
  };
}

function inputOf(input: unknown): string {
  return typeof input === "string" ? input : JSON.stringify(input ?? {});
}

function contentOf(
  parts: readonly (LanguageModelV4TextPart | LanguageModelV4FilePart)[],
): string | readonly ContentPart[] {
  const content = parts.map(partOf);
  const texts = content.filter((part) => part.type === "text");
  return texts.length === content.length ? texts.map(({ text }) => text).join("\n") : content;
}

function partOf(part: LanguageModelV4TextPart | LanguageModelV4FilePart): ContentPart {
  if (part.type === "text") return { type: "text", text: part.text };
  const { data, mediaType } = part;
  if (data.type === "text") return { type: "text", text: data.text };
  // The AI SDK itself fetches addresses, because this model declares no `supportedUrls`.
  if (data.type !== "data" || !mediaType.startsWith("image"))
    refuse(`a file of type "${mediaType}" as ${data.type}`);
  const bytes = typeof data.data === "string" ? Buffer.from(data.data, "base64") : data.data;
  return { type: "image", image: { mediaType: fullType(mediaType), data: new Uint8Array(bytes) } };
}

// The AI SDK may name only "image" or "image/*". Servers read the format from the bytes.
function fullType(mediaType: string): string {
  return /^image\/[^*]/.test(mediaType) ? mediaType : "image/png";
}

function resultOf({ toolCallId, output }: LanguageModelV4ToolResultPart): ChatMessage {
  return { role: "tool", toolCallId, content: outputOf(output) };
}

function outputOf(output: LanguageModelV4ToolResultPart["output"]): string {
  switch (output.type) {
    case "text":
    case "error-text":
      return output.value;
    case "json":
    case "error-json":
      return JSON.stringify(output.value);
    case "execution-denied":
      return output.reason ?? "The user denied this call.";
    case "content":
      return output.value
        .map((part) => (part.type === "text" ? part.text : refuse(`a tool's result of type "${part.type}"`)))
        .join("\n");
    default:
      return output satisfies never;
  }
}

function refuse(what: string): never {
  throw new UnsupportedError(
    `toAISDK: ${what} cannot be sent to this backend; leave it out or send it as text`,
    {
      capability: "prompt",
    },
  );
}
