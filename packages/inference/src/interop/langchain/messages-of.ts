import { AIMessage, ToolMessage, type BaseMessage } from "@langchain/core/messages";
import { UnsupportedError, type ChatMessage, type ContentPart } from "@binnacle/core";

/** Translates messages of LangChain. Throws an `UnsupportedError` for roles and parts that have no form. */
export function messagesOf(messages: readonly BaseMessage[]): readonly ChatMessage[] {
  return messages.map(messageOf);
}

function messageOf(message: BaseMessage): ChatMessage {
  const content = contentOf(message.content);
  if (AIMessage.isInstance(message)) return { role: "assistant", content, ...callsOf(message) };
  if (ToolMessage.isInstance(message)) return { role: "tool", toolCallId: message.tool_call_id, content };
  const type = message.getType();
  if (type === "human") return { role: "user", content };
  if (type === "system" || type === "developer") return { role: "system", content };
  return refuse(`a message of type "${type}"`);
}

function callsOf({
  tool_calls: calls = [],
}: AIMessage): Pick<ChatMessage & { role: "assistant" }, "toolCalls"> {
  if (calls.length === 0) return {};
  return {
    toolCalls: calls.map(({ id, name, args }, index) => ({
      id: id ?? `call_${index}`,
      name,
      arguments: JSON.stringify(args),
    })),
  };
}

function contentOf(content: BaseMessage["content"]): string | readonly ContentPart[] {
  if (typeof content === "string") return content;
  const parts = content.map(partOf);
  return parts.length === 0 ? "" : parts;
}

function partOf(part: unknown): ContentPart {
  const fields = typeof part === "object" && part !== null ? part : {};
  const [type, text]: readonly unknown[] = [Reflect.get(fields, "type"), Reflect.get(fields, "text")];
  if (type === "text" && typeof text === "string") return { type: "text", text };
  const image = type === "image_url" ? dataUrl(fields) : type === "image" ? imageData(fields) : undefined;
  return image ?? refuse(`a part of type "${String(type)}" without bytes in it`);
}

/** Reads OpenAI's form: `{ type: "image_url", image_url: "data:…" }` or `{ image_url: { url } }`. */
function dataUrl(part: object): ContentPart | undefined {
  const value: unknown = Reflect.get(part, "image_url");
  const url: unknown = typeof value === "object" && value !== null ? Reflect.get(value, "url") : value;
  const match = typeof url === "string" ? /^data:(image\/[\w.+-]+);base64,(.*)$/s.exec(url) : null;
  const [, mediaType, data] = match ?? [];
  return mediaType === undefined || data === undefined ? undefined : imagePart(mediaType, data);
}

/** Reads LangChain's own form: `{ type: "image", mimeType, data }`, with base64 text or bytes. */
function imageData(part: object): ContentPart | undefined {
  const data: unknown = Reflect.get(part, "data");
  const mediaType: unknown = Reflect.get(part, "mimeType") ?? Reflect.get(part, "mime_type");
  if (typeof data !== "string" && !(data instanceof Uint8Array)) return undefined;
  return imagePart(typeof mediaType === "string" ? mediaType : "image/png", data);
}

function imagePart(mediaType: string, data: string | Uint8Array): ContentPart {
  const bytes = typeof data === "string" ? Buffer.from(data, "base64") : data;
  return { type: "image", image: { mediaType, data: new Uint8Array(bytes) } };
}

function refuse(what: string): never {
  throw new UnsupportedError(
    `toLangChain: ${what} cannot be sent to this backend; pass text, or an image's bytes`,
    {
      capability: "messages",
    },
  );
}
