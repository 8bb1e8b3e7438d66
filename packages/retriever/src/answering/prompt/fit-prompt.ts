import {
  ConfigurationError,
  InferenceError,
  type CallOptions,
  type ChatMessage,
  type InferenceBackend,
  type Retrieval,
  type Tokenizer,
} from "@binnacle/core";
import { describeValue } from "@binnacle/core/kit";
import type { ConversationTurn } from "../conversation/conversation-turn.ts";
import { formatContext, type FormattedContext } from "./format-context.ts";
import type { PromptBuilder } from "./prompts.ts";

/** The parts of a prompt, and the limits that it must fit. */
export interface FitPromptInput {
  readonly question: string;
  /** The earlier turns, oldest first. */
  readonly turns: readonly ConversationTurn[];
  readonly retrieval: Retrieval;
  readonly prompt: PromptBuilder;
  readonly backend: InferenceBackend;
  readonly maxContextTokens: number;
  /**
   * The answer's maximum number of tokens. The prompt leaves room for them. @default 1024, or a quarter of
   * the model's context if that is less
   */
  readonly maxTokens?: number | undefined;
  readonly tokenizer: Pick<Tokenizer, "count">;
}

/** Messages that fit the model, and the context in them. */
export interface FittedPrompt {
  readonly context: FormattedContext;
  readonly messages: readonly ChatMessage[];
  /** The maximum number of tokens in the answer. */
  readonly answerTokens: number;
}

/** The most tokens that chat templates add to a message. */
const templateTokens = 8;
/** The most tokens that a template adds by itself, such as a default system message. */
const mostTemplateTokens = 256;
/** Each attempt cuts the context by at least 5 %. If 16 attempts fail, the question itself is too long. */
const maxAttempts = 16;

/**
 * Builds the prompt with as much context as the budget and the model's window allow. Rejects with an
 * `InferenceError` of kind `too-long` if no source fits.
 */
export async function fitPrompt(input: FitPromptInput, options: CallOptions): Promise<FittedPrompt> {
  const { question, turns, retrieval, prompt, backend, tokenizer } = input;
  const { contextTokens, countsTokens } = await backend.capabilities(options);
  const answer = input.maxTokens ?? Math.min(1024, Math.floor((contextTokens ?? Infinity) / 4));
  const room = contextTokens === undefined ? Infinity : contextTokens - answer;
  let budget = Math.max(0, Math.min(input.maxContextTokens, room));
  for (let attempt = 0; attempt < maxAttempts; attempt++) {
    const context = formatContext(retrieval, { maxTokens: budget, tokenizer, order: "best-last" });
    if (context.citations.length === 0) break;
    const messages = prompt(question, context, turns);
    checkMessages(messages);
    if (room === Infinity || mostTokens(messages) <= room) return { context, messages, answerTokens: answer };
    const tokens = countsTokens
      ? await backend.countTokens({ messages }, options)
      : estimateMessages(messages, tokenizer);
    if (tokens <= room) return { context, messages, answerTokens: answer };
    // The budget shrinks in proportion, because the model's own tokenizer may count twice as many tokens as
    // ours.
    budget = Math.floor(context.tokens * Math.min(room / tokens, 0.95));
  }
  throw new InferenceError(
    `createAnswerer: no source fits beside the question. The model's window is ${contextTokens ?? "unlimited"} tokens, the answer keeps ${answer} of them, and the context may have ${input.maxContextTokens}. Shorten the question, raise \`maxContextTokens\`, lower \`maxTokens\`, or serve the model with a larger window.`,
    { kind: "too-long" },
  );
}

/** Throws a `ConfigurationError` unless the prompt builder, which may be an app's own, returned messages. */
function checkMessages(messages: readonly ChatMessage[]): void {
  const given: unknown = messages;
  const isMessage = (message: unknown): boolean =>
    typeof message === "object" && message !== null && "role" in message && "content" in message;
  if (Array.isArray(given) && given.length > 0 && given.every(isMessage)) return;
  throw new ConfigurationError(
    `createAnswerer: prompt must return an array of messages { role, content }, got ${describeValue(given)}`,
  );
}

/**
 * Returns a count that no tokenizer exceeds: a token has at least one byte. Most prompts are far shorter than
 * the window, so they cost no call to the model server.
 */
function mostTokens(messages: readonly ChatMessage[]): number {
  const encoder = new TextEncoder();
  return messages.reduce((sum, { content }) => {
    if (typeof content === "string") return sum + templateTokens + encoder.encode(content).byteLength;
    const isText = content.every((part) => part.type === "text");
    return isText ? sum + templateTokens + encoder.encode(JSON.stringify(content)).byteLength : Infinity;
  }, mostTemplateTokens);
}

function estimateMessages(messages: readonly ChatMessage[], tokenizer: Pick<Tokenizer, "count">): number {
  return messages.reduce((sum, { content }) => {
    const text =
      typeof content === "string"
        ? content
        : content.map((part) => (part.type === "text" ? part.text : "")).join("\n");
    return sum + templateTokens + tokenizer.count(text);
  }, 0);
}
