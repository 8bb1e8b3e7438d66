import type { ChatMessage, ContentPart, GenerateRequest, JsonValue, ToolChoice } from "@binnacle/core";

/** The parts of the body in which servers differ. */
export interface ChatBodyOptions {
  /** Name of the model. Left out if undefined, because a server with one model needs no name. */
  readonly model?: string | undefined;
  readonly stream: boolean;
  /** Field name for `maxTokens`. OpenAI has replaced `max_tokens`, but many servers know only that name. */
  readonly maxTokensField: "max_tokens" | "max_completion_tokens";
  /** Field name for the reasoning of earlier turns. @default none: reasoning is left out */
  readonly reasoningField?: "reasoning_content" | "reasoning" | undefined;
  /** True: asks the server to hold a call's arguments to the tool's schema. @default the server decides */
  readonly strictTools?: boolean | undefined;
  /** Further fields. They override the protocol's fields. */
  readonly fields?: Readonly<Record<string, unknown>> | undefined;
}

/**
 * Returns the body of `POST /v1/chat/completions`
 * (https://platform.openai.com/docs/api-reference/chat/create). Half of a surrogate pair becomes U+FFFD,
 * because llama-server refuses it with status 400. Cut texts may end with one.
 */
export function chatBody(request: GenerateRequest, options: ChatBodyOptions): Record<string, unknown> {
  const { model, stream, maxTokensField, reasoningField } = options;
  const { messages, maxTokens, temperature, topP, seed, stop, jsonSchema, tools = [], logprobs } = request;
  const fields = {
    model,
    messages: messages.map((message) => messageBody(message, reasoningField)),
    [maxTokensField]: maxTokens,
    temperature,
    top_p: topP,
    seed,
    stop: stop?.map((text) => text.toWellFormed()),
    response_format: jsonSchema && {
      type: "json_schema",
      json_schema: { name: "answer", strict: true, schema: wellFormed(jsonSchema) },
    },
    tools:
      tools.length === 0
        ? undefined
        : tools.map(({ name, description, parameters }) => ({
            type: "function",
            function: given({
              name,
              description: description?.toWellFormed(),
              parameters: wellFormed(parameters),
              strict: options.strictTools,
            }),
          })),
    tool_choice: tools.length === 0 ? undefined : toolChoiceBody(request.toolChoice),
    // llama-server returns no log-probabilities if no alternatives are requested. The reader drops the
    // surplus.
    ...(logprobs === undefined ? {} : { logprobs: true, top_logprobs: Math.max(1, logprobs) }),
    ...(stream ? { stream: true, stream_options: { include_usage: true } } : {}),
    ...options.fields,
  };
  return given(fields);
}

/** Returns the protocol's form of a part of a message or of an input to embed. */
export function partBody(part: ContentPart): Record<string, unknown> {
  if (part.type === "text") return { type: "text", text: part.text.toWellFormed() };
  const { mediaType, data } = part.image;
  const base64 = Buffer.from(data.buffer, data.byteOffset, data.byteLength).toString("base64");
  return { type: "image_url", image_url: { url: `data:${mediaType};base64,${base64}` } };
}

function messageBody(
  message: ChatMessage,
  reasoningField: ChatBodyOptions["reasoningField"],
): Record<string, unknown> {
  const { role } = message;
  const content =
    typeof message.content === "string" ? message.content.toWellFormed() : message.content.map(partBody);
  if (role === "tool") return { role, tool_call_id: message.toolCallId, content };
  if (role !== "assistant") return { role, content };
  const { toolCalls = [], reasoning } = message;
  return given({
    role,
    content,
    ...(reasoningField === undefined ? {} : { [reasoningField]: reasoning?.toWellFormed() }),
    tool_calls:
      toolCalls.length === 0
        ? undefined
        : toolCalls.map(({ id, name, arguments: text }) => ({
            id,
            type: "function",
            function: { name, arguments: text.toWellFormed() },
          })),
  });
}

function toolChoiceBody(choice: ToolChoice | undefined): unknown {
  return typeof choice === "object" ? { type: "function", function: { name: choice.name } } : choice;
}

function given(fields: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined));
}

function wellFormed(value: JsonValue): JsonValue {
  if (typeof value === "string") return value.toWellFormed();
  if (typeof value !== "object" || value === null) return value;
  if (Array.isArray(value)) return value.map(wellFormed);
  return Object.fromEntries(
    Object.entries(value).map(([name, field]) => [name.toWellFormed(), wellFormed(field)]),
  );
}
