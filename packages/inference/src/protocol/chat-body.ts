import type { ContentPart, GenerateRequest, JsonValue } from "@binnacle/core";

/** What a chat completion request says beside the request itself. */
export interface ChatBodyOptions {
  /** Left out where undefined: a server with one model needs no name. */
  readonly model?: string | undefined;
  readonly stream: boolean;
  /** OpenAI has replaced `max_tokens`; many servers know only that one. */
  readonly maxTokensField: "max_tokens" | "max_completion_tokens";
}

/**
 * The body of `POST /v1/chat/completions` (https://platform.openai.com/docs/api-reference/chat/create). Half of a surrogate
 * pair, which a text that was cut may end with, becomes U+FFFD: llama-server refuses it with status 400.
 */
export function chatBody(request: GenerateRequest, options: ChatBodyOptions): Record<string, unknown> {
  const { model, stream, maxTokensField } = options;
  const { messages, maxTokens, temperature, topP, seed, stop, jsonSchema } = request;
  const fields = {
    model,
    messages: messages.map(({ role, content }) => ({
      role,
      content: typeof content === "string" ? content.toWellFormed() : content.map(partBody),
    })),
    [maxTokensField]: maxTokens,
    temperature,
    top_p: topP,
    seed,
    stop: stop?.map((text) => text.toWellFormed()),
    response_format: jsonSchema && {
      type: "json_schema",
      json_schema: { name: "answer", strict: true, schema: wellFormed(jsonSchema) },
    },
    ...(stream ? { stream: true, stream_options: { include_usage: true } } : {}),
  };
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined));
}

function partBody(part: ContentPart): Record<string, unknown> {
  if (part.type === "text") return { type: "text", text: part.text.toWellFormed() };
  const { mediaType, data } = part.image;
  const base64 = Buffer.from(data.buffer, data.byteOffset, data.byteLength).toString("base64");
  return { type: "image_url", image_url: { url: `data:${mediaType};base64,${base64}` } };
}

function wellFormed(value: JsonValue): JsonValue {
  if (typeof value === "string") return value.toWellFormed();
  if (typeof value !== "object" || value === null) return value;
  if (Array.isArray(value)) return value.map(wellFormed);
  return Object.fromEntries(
    Object.entries(value).map(([name, field]) => [name.toWellFormed(), wellFormed(field)]),
  );
}
