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
  readonly model?: string | null | undefined;
  readonly choices?:
    | readonly {
        readonly delta?: ChatMessagePart | null | undefined;
        readonly finish_reason?: string | null | undefined;
      }[]
    | null
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
  // Any of these may be null, which some servers write where others write nothing.
  model: z.string().nullish(),
  choices: z
    .array(z.object({ delta: messageSchema.nullish(), finish_reason: z.string().nullish() }))
    .nullish(),
  // No good answer is lost for half a count of its tokens: it counts as not told.
  usage: usageSchema.nullish().catch(undefined),
  error: z.unknown().optional(),
});

/** Whose chunk it is, for error messages. */
export interface ChunkSource {
  /** `LlamaCppBackend http://127.0.0.1:8080` */
  readonly source: string;
  /** Takes the secrets out of a text. */
  readonly clean: (text: string) => string;
}

/** Reads the data of one event of a stream. Throws `InvalidResponseError` for anything else than a chunk. */
export function parseChatChunk({ source, clean }: ChunkSource, data: string): ChatChunk {
  let value: unknown;
  try {
    value = JSON.parse(data);
  } catch {
    // Without the cause: it quotes the text, and of a credential in it perhaps a part that nothing could redact.
    throw new InvalidResponseError(
      `${source}: a piece of the stream is not JSON: ${clean(data).slice(0, 200)}`,
    );
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
export function finishReasonOf(
  { source, replica }: { readonly source: string; readonly replica: string },
  reason: string,
  partial: string,
): FinishReason {
  // The second and third are what text-generation-inference says.
  if (reason === "stop" || reason === "eos_token" || reason === "stop_sequence") return "stop";
  if (reason === "length") return "length";
  if (reason === "content_filter") return "content-filter";
  throw new InferenceError(`${source}: the server ended the answer for the reason "${reason}"`, {
    kind: "server",
    replica,
    partial: { text: partial },
  });
}
