import { InvalidResponseError, type GenerationUsage, type TokenLogprob } from "@binnacle/core";
import { parseResponse } from "@binnacle/core/kit";
import { z } from "zod";
import type { ModelServer } from "../server/model-server.ts";

/** A piece of a tool call. */
export interface ToolCallPart {
  /** Position of the call in the answer. Servers that send whole calls leave it out. */
  readonly index?: number | null | undefined;
  readonly id?: string | null | undefined;
  readonly function?:
    { readonly name?: string | null | undefined; readonly arguments?: unknown } | null | undefined;
}

/** The fields of a message, or of a piece of one, that the reader uses. */
export interface ChatMessagePart {
  /** The text, or a list of parts with a text or with reasoning, as Mistral sends it. */
  readonly content?: string | readonly unknown[] | null | undefined;
  /** Reasoning from llama-server and older vLLM. */
  readonly reasoning_content?: string | null | undefined;
  /** Reasoning from newer vLLM. */
  readonly reasoning?: string | null | undefined;
  readonly tool_calls?: readonly ToolCallPart[] | null | undefined;
}

/** Log-probabilities in the protocol's form. */
export interface ChatLogprobs {
  readonly content?: readonly ChatTokenLogprob[] | null | undefined;
}

interface ChatTokenLogprob {
  readonly token: string;
  readonly logprob: number;
  readonly top_logprobs?: readonly { readonly token: string; readonly logprob: number }[] | null | undefined;
}

/** Token counts in the protocol's form. */
export interface ChatUsage {
  readonly prompt_tokens: number;
  readonly completion_tokens: number;
  readonly prompt_tokens_details?: { readonly cached_tokens?: number | null | undefined } | null | undefined;
}

/** The fields of one piece of a streamed chat completion that the reader uses. */
export interface ChatChunk {
  readonly model?: string | null | undefined;
  readonly choices?:
    | readonly ({
        readonly delta?: ChatMessagePart | null | undefined;
        /** The whole message instead of a piece. Some servers stream it as their only chunk. */
        readonly message?: ChatMessagePart | null | undefined;
        readonly logprobs?: ChatLogprobs | null | undefined;
        readonly finish_reason?: string | null | undefined;
      } | null)[]
    | null
    | undefined;
  readonly usage?: ChatUsage | null | undefined;
  /** An error that occurred after the stream had begun. The other fields are then missing. */
  readonly error?: unknown;
  /** `error` if the chunk itself is an error, as in older versions of vLLM. */
  readonly object?: string | null | undefined;
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
  content: z
    .union([z.string(), z.array(z.unknown())])
    .nullish()
    .catch(undefined),
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
// Some servers write null where others leave a field out. A broken count or probability is ignored, so that
// it does not cost a good answer.
const chunkSchema = z.object({
  model: z.string().nullish().catch(undefined),
  choices: z
    .array(
      z
        .object({
          delta: deltaSchema.nullish(),
          message: deltaSchema.nullish(),
          logprobs: logprobsSchema.nullish().catch(undefined),
          finish_reason: z.string().nullish().catch(undefined),
        })
        .nullable(),
    )
    .nullish(),
  usage: usageSchema.nullish().catch(undefined),
  error: z.unknown().optional(),
  object: z.string().nullish().catch(undefined),
});

/** Parses the data of one stream event. Throws `InvalidResponseError` if it is not a chunk. */
export function parseChatChunk(server: Pick<ModelServer, "label" | "redact">, data: string): ChatChunk {
  let value: unknown;
  try {
    value = JSON.parse(data);
  } catch {
    // No cause, because its message quotes the text and may hold a part of a credential that redaction cannot
    // find.
    throw new InvalidResponseError(
      `${server.label}: a piece of the stream is not JSON: ${server.redact(data).slice(0, 200)}`,
    );
  }
  return isPlainTextChunk(value) ? value : parseResponse(server.label, chunkSchema, value);
}

/** The most frequent chunk: one choice whose delta holds only a text. */
export interface PlainTextChunk extends ChatChunk {
  readonly choices: readonly [{ readonly delta: { readonly content: string } }];
}

/** Returns true for a {@link PlainTextChunk}. Checks by hand, because a stream has one for each token. */
export function isPlainTextChunk(value: unknown): value is PlainTextChunk {
  if (!isRecord(value) || !(isMissing(value["model"]) || typeof value["model"] === "string")) return false;
  if (!isMissing(value["usage"]) || !isMissing(value["error"]) || value["object"] === "error") return false;
  const choices = value["choices"];
  if (!Array.isArray(choices) || choices.length !== 1) return false;
  const choice: unknown = choices[0];
  if (!isRecord(choice) || !isMissing(choice["finish_reason"]) || !isMissing(choice["logprobs"]))
    return false;
  const delta = choice["delta"];
  if (!isRecord(delta) || !isMissing(choice["message"]) || typeof delta["content"] !== "string") return false;
  return (
    isMissing(delta["tool_calls"]) && isMissing(delta["reasoning_content"]) && isMissing(delta["reasoning"])
  );
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null;
}

function isMissing(value: unknown): boolean {
  return value === undefined || value === null;
}

/** Returns the model's reasoning from either field, or from the parts of the content. */
export function reasoningOf(message: ChatMessagePart): string {
  return message.reasoning_content || message.reasoning || partsOf(message.content, "thinking");
}

/** Returns the text of a content, which may be a list of parts. */
export function textOf(content: ChatMessagePart["content"]): string {
  return typeof content === "string" ? content : partsOf(content, "text");
}

/** Joins the texts in a field of the parts. A part's field may itself be a list of parts with texts. */
function partsOf(content: unknown, field: "text" | "thinking"): string {
  if (!Array.isArray(content)) return "";
  return content
    .map((part: unknown) => {
      if (typeof part === "string") return field === "text" ? part : "";
      if (!isRecord(part)) return "";
      const value = part[field];
      return typeof value === "string" ? value : partsOf(value, "text");
    })
    .join("");
}

/** Converts usage to the SDK's form. */
export function usageOf(usage: ChatUsage): GenerationUsage {
  return {
    promptTokens: usage.prompt_tokens,
    completionTokens: usage.completion_tokens,
    cachedTokens: usage.prompt_tokens_details?.cached_tokens ?? undefined,
  };
}

/** Converts log-probabilities to the SDK's form, with at most `count` alternatives each. */
export function logprobsOf(logprobs: ChatLogprobs, count: number): readonly TokenLogprob[] {
  return (logprobs.content ?? []).map(({ token, logprob, top_logprobs: top }) => ({
    token,
    logprob,
    top: (top ?? []).slice(0, count).map((one) => ({ token: one.token, logprob: one.logprob })),
  }));
}
