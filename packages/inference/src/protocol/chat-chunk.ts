import {
  InferenceError,
  InvalidResponseError,
  type FinishReason,
  type GenerationUsage,
} from "@binnacle/core";
import { parseResponse } from "@binnacle/core/kit";
import { z } from "zod";

/** A message or a piece of one, as far as it is read. */
export interface ChatMessagePart {
  readonly content?: string | null | undefined;
  /** llama-server and older vLLM. */
  readonly reasoning_content?: string | null | undefined;
  /** Newer vLLM. */
  readonly reasoning?: string | null | undefined;
}

/** Tokens as the protocol counts them. */
export interface ChatUsage {
  readonly prompt_tokens: number;
  readonly completion_tokens: number;
  readonly prompt_tokens_details?: { readonly cached_tokens?: number | null | undefined } | null | undefined;
}

/** One piece of a streamed chat completion, as far as it is read. */
export interface ChatChunk {
  readonly model?: string | undefined;
  readonly choices?:
    | readonly {
        readonly delta?: ChatMessagePart | undefined;
        readonly finish_reason?: string | null | undefined;
      }[]
    | undefined;
  readonly usage?: ChatUsage | null | undefined;
  /** In place of everything else: what went wrong after the stream had begun. */
  readonly error?: unknown;
}

const usageSchema = z.object({
  prompt_tokens: z.number(),
  completion_tokens: z.number(),
  prompt_tokens_details: z.object({ cached_tokens: z.number().nullish() }).nullish(),
});
const messageSchema = z.object({
  content: z.string().nullish(),
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

/** Reads the data of one event of a stream. Throws `InvalidResponseError` for anything else than a chunk. */
export function parseChatChunk(source: string, data: string): ChatChunk {
  let value: unknown;
  try {
    value = JSON.parse(data);
  } catch (cause) {
    throw new InvalidResponseError(`${source}: a piece of the stream is not JSON: ${data.slice(0, 200)}`, {
      cause,
    });
  }
  return parseResponse(source, chunkSchema, value);
}

/** What the model thought, under either name. */
export function reasoningOf(message: ChatMessagePart): string | undefined {
  const reasoning = message.reasoning_content ?? message.reasoning ?? "";
  return reasoning === "" ? undefined : reasoning;
}

/** Usage in our words. */
export function usageOf(usage: ChatUsage): GenerationUsage {
  return {
    promptTokens: usage.prompt_tokens,
    completionTokens: usage.completion_tokens,
    cachedTokens: usage.prompt_tokens_details?.cached_tokens ?? undefined,
  };
}

/** A finish reason in our words. One that is none of ours, such as vLLM's `abort`, is an error: the answer is not whole. */
export function finishReasonOf(reason: string, partial: string): FinishReason {
  // The second and third are what text-generation-inference says.
  if (reason === "stop" || reason === "eos_token" || reason === "stop_sequence") return "stop";
  if (reason === "length") return "length";
  if (reason === "content_filter") return "content-filter";
  throw new InferenceError(`the server ended the answer for the reason "${reason}"`, {
    kind: "server",
    partial,
  });
}
