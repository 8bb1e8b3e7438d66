import { InvalidResponseError, type GenerationUsage, type TokenLogprob } from "@binnacle/core";
import { parseResponse } from "@binnacle/core/kit";
import { z } from "zod";
import type { ModelServer } from "../server/model-server.ts";

/** A piece of a tool call. */
export interface ToolCallPart {
  /** Which call of the answer. Servers that send whole calls leave it out. */
  readonly index?: number | null | undefined;
  readonly id?: string | null | undefined;
  readonly function?:
    { readonly name?: string | null | undefined; readonly arguments?: unknown } | null | undefined;
}

/** A message or a piece of one, as far as it is read. */
export interface ChatMessagePart {
  readonly content?: string | null | undefined;
  /** llama-server and older vLLM. */
  readonly reasoning_content?: string | null | undefined;
  /** Newer vLLM. */
  readonly reasoning?: string | null | undefined;
  readonly tool_calls?: readonly ToolCallPart[] | null | undefined;
}

/** Log-probabilities as the protocol writes them. */
export interface ChatLogprobs {
  readonly content?: readonly ChatTokenLogprob[] | null | undefined;
}

interface ChatTokenLogprob {
  readonly token: string;
  readonly logprob: number;
  readonly top_logprobs?: readonly { readonly token: string; readonly logprob: number }[] | null | undefined;
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
    | readonly ({
        readonly delta?: ChatMessagePart | null | undefined;
        /** The whole message in place of a piece, which some servers stream as their only chunk. */
        readonly message?: ChatMessagePart | null | undefined;
        readonly logprobs?: ChatLogprobs | null | undefined;
        readonly finish_reason?: string | null | undefined;
      } | null)[]
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
const tokenFields = { token: z.string(), logprob: z.number() };
const logprobsSchema = z.object({
  content: z
    .array(z.object({ ...tokenFields, top_logprobs: z.array(z.object(tokenFields)).nullish() }))
    .nullish(),
});
const deltaSchema = z.object({
  content: z.string().nullish(),
  reasoning_content: z.string().nullish(),
  reasoning: z.string().nullish(),
  tool_calls: z
    .array(
      z.object({
        index: z.int().nonnegative().nullish(),
        id: z.string().nullish(),
        function: z.object({ name: z.string().nullish(), arguments: z.unknown().optional() }).nullish(),
      }),
    )
    .nullish(),
});
// Any field may be null, which some servers write where others write nothing. No good answer is lost for a count or a
// probability that is broken: it is as if the server had not sent it.
const chunkSchema = z.object({
  model: z.string().nullish(),
  choices: z
    .array(
      z
        .object({
          delta: deltaSchema.nullish(),
          message: deltaSchema.nullish(),
          logprobs: logprobsSchema.nullish().catch(undefined),
          finish_reason: z.string().nullish(),
        })
        .nullable(),
    )
    .nullish(),
  usage: usageSchema.nullish().catch(undefined),
  error: z.unknown().optional(),
});

/** Reads the data of one event of a stream. Throws `InvalidResponseError` for anything else than a chunk. */
export function parseChatChunk(server: Pick<ModelServer, "label" | "redact">, data: string): ChatChunk {
  let value: unknown;
  try {
    value = JSON.parse(data);
  } catch {
    // Without the cause: it quotes the text, and of a credential in it perhaps a part that nothing could redact.
    throw new InvalidResponseError(
      `${server.label}: a piece of the stream is not JSON: ${server.redact(data).slice(0, 200)}`,
    );
  }
  return parseResponse(server.label, chunkSchema, value);
}

/** What the model thought, under either name. */
export function reasoningOf(message: ChatMessagePart): string {
  return message.reasoning_content || message.reasoning || "";
}

/** Usage in our words. */
export function usageOf(usage: ChatUsage): GenerationUsage {
  return {
    promptTokens: usage.prompt_tokens,
    completionTokens: usage.completion_tokens,
    cachedTokens: usage.prompt_tokens_details?.cached_tokens ?? undefined,
  };
}

/** Log-probabilities in our words, with at most `count` alternatives each. */
export function logprobsOf(logprobs: ChatLogprobs, count: number): readonly TokenLogprob[] {
  return (logprobs.content ?? []).map(({ token, logprob, top_logprobs: top }) => ({
    token,
    logprob,
    top: (top ?? []).slice(0, count).map((one) => ({ token: one.token, logprob: one.logprob })),
  }));
}
