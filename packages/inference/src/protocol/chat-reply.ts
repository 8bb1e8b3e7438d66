import {
  InferenceError,
  InvalidResponseError,
  type FinishReason,
  type GenerationUsage,
} from "@binnacle/core";
import { z } from "zod";

const usageSchema = z.object({
  prompt_tokens: z.number(),
  completion_tokens: z.number(),
  prompt_tokens_details: z.object({ cached_tokens: z.number().nullish() }).nullish(),
});

const messageSchema = z.object({
  content: z.string().nullish(),
  // llama-server and older vLLM say `reasoning_content`, newer vLLM `reasoning`
  reasoning_content: z.string().nullish(),
  reasoning: z.string().nullish(),
});

const chunkSchema = z.object({
  model: z.string().optional(),
  choices: z
    .array(z.object({ delta: messageSchema.optional(), finish_reason: z.string().nullish() }))
    .optional(),
  usage: usageSchema.nullish(),
  error: z.unknown().optional(),
});

const replySchema = z.object({
  model: z.string().optional(),
  choices: z.array(z.object({ message: messageSchema, finish_reason: z.string().nullish() })).min(1),
  usage: usageSchema.nullish(),
});

/** One piece of a streamed chat completion, as far as it is read. */
export type ChatChunk = z.output<typeof chunkSchema>;
/** A whole chat completion, as far as it is read. */
export type ChatReply = z.output<typeof replySchema>;

/** Reads the data of one event. Throws `InvalidResponseError` for anything else than a chunk. */
export function parseChatChunk(data: string): ChatChunk {
  return parse(chunkSchema, parseJson(data), "a piece of the stream");
}

/** Reads a whole answer. Throws `InvalidResponseError` for anything else. */
export function parseChatReply(body: unknown): ChatReply {
  return parse(replySchema, body, "the answer");
}

/** What the model thought, under either name. */
export function reasoningOf(message: z.output<typeof messageSchema>): string | undefined {
  return (message.reasoning_content ?? message.reasoning) || undefined;
}

/** Usage in our words. */
export function usageOf(usage: z.output<typeof usageSchema>): GenerationUsage {
  return {
    promptTokens: usage.prompt_tokens,
    completionTokens: usage.completion_tokens,
    cachedTokens: usage.prompt_tokens_details?.cached_tokens ?? undefined,
  };
}

/** A finish reason in our words. One that is none of ours, such as vLLM's `abort`, is an error: the answer is not whole. */
export function finishReasonOf(reason: string, partial: string): FinishReason {
  if (reason === "stop" || reason === "eos_token" || reason === "stop_sequence") return "stop";
  if (reason === "length") return "length";
  if (reason === "content_filter") return "content-filter";
  throw new InferenceError(`the server ended the answer for the reason "${reason}"`, {
    kind: "server",
    partial,
  });
}

function parse<S extends z.ZodType>(schema: S, value: unknown, what: string): z.output<S> {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  const issues = result.error.issues.map(({ path, message }) => ({ path: path.join("."), message }));
  const list = issues.map(({ path, message }) => `${path}: ${message}`).join("; ");
  throw new InvalidResponseError(`${what} is no chat completion: ${list}`, { issues, cause: result.error });
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new InvalidResponseError(`a piece of the stream is not JSON: ${text.slice(0, 200)}`, {
      cause: error,
    });
  }
}
