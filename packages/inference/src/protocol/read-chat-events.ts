import { InferenceError, type FinishReason, type GenerationEvent } from "@binnacle/core";
import type { ServerSentItem } from "@binnacle/core/kit";
import { parseFailure } from "../failures/server-failure.ts";
import type { GenerationItem } from "../generation/timed-generation.ts";
import type { ModelServer } from "../server/model-server.ts";
import type { AnswerBeginning } from "./answer-beginning.ts";
import {
  logprobsOf,
  parseChatChunk,
  reasoningOf,
  usageOf,
  type ChatChunk,
  type ChatMessagePart,
} from "./chat-chunk.ts";
import { finishReasonOf } from "./finish-reason.ts";
import { otherAnswer } from "./other-answer.ts";
import { ToolCalls } from "./tool-calls.ts";

/** What {@link readChatEvents} takes beside the stream. */
export interface ReadChatEventsOptions {
  readonly server: ModelServer;
  /** The model's name, if the server does not say. */
  readonly model: string;
  /** Alternatives per token that the request asked for. @default none */
  readonly logprobs?: number | undefined;
  /** How the answer begins; needed if no event came. */
  readonly beginning: () => AnswerBeginning;
}

interface State {
  started: boolean;
  finish: FinishReason | undefined;
  hasText: boolean;
  readonly toolCalls: ToolCalls;
}

/**
 * Reads the events of a streamed chat completion: `start` first, then text, reasoning and tool calls, then usage, `finish`
 * last; `alive` for every piece that arrives. An end without a finish reason is an `InferenceError` of kind
 * `interrupted`, unless what came is no event stream at all. Once the reason was there the answer is whole.
 */
export async function* readChatEvents(
  items: AsyncIterable<ServerSentItem>,
  options: ReadChatEventsOptions,
): AsyncGenerator<GenerationItem, void, undefined> {
  const { server } = options;
  const state: State = { started: false, finish: undefined, hasText: false, toolCalls: new ToolCalls() };
  for await (const item of items) {
    yield "alive";
    if (item.type !== "event") continue;
    if (item.data === "[DONE]") break;
    if (item.event === "error") throw server.toError(parseFailure({ body: item.data }));
    const chunk = parseChatChunk(server, item.data);
    if (isFailure(chunk.error)) throw server.toError(parseFailure({ body: chunk.error }));
    yield* eventsOf(chunk, state, options);
  }
  if (state.finish !== undefined) return yield { type: "finish", reason: ended(state.finish, state) };
  throw (state.started ? undefined : otherAnswer(options.beginning(), server)) ?? interrupted(server);
}

function* eventsOf(
  chunk: ChatChunk,
  state: State,
  { server, model, logprobs: alternatives = 0 }: ReadChatEventsOptions,
): Generator<GenerationEvent, void, undefined> {
  if (!state.started) {
    state.started = true;
    yield { type: "start", model: chunk.model ?? model, replica: server.address };
  }
  const choice = chunk.choices?.[0];
  const delta = choice?.delta ?? wholeMessage(choice?.message, state);
  const reasoning = reasoningOf(delta);
  if (reasoning !== "") yield { type: "reasoning", text: reasoning };
  const text = delta.content ?? "";
  const logprobs = choice?.logprobs ? logprobsOf(choice.logprobs, alternatives) : [];
  if (logprobs.length > 0) yield { type: "text", text, logprobs };
  else if (text !== "") yield { type: "text", text };
  if (text !== "") state.hasText = true;
  for (const part of delta.tool_calls ?? []) yield state.toolCalls.event(part);
  if (choice?.finish_reason) state.finish = finishReasonOf(server, choice.finish_reason);
  if (chunk.usage) yield { type: "usage", usage: usageOf(chunk.usage) };
}

/** Some servers send `error: false`, `""` or `null` beside a good piece. */
function isFailure(error: unknown): boolean {
  return typeof error === "object" ? error !== null : typeof error === "string" && error !== "";
}

/** A message that is sent whole counts only if no piece of it came before, because some servers repeat it at the end. */
function wholeMessage(
  message: ChatMessagePart | null | undefined,
  { hasText, toolCalls }: State,
): ChatMessagePart {
  return message && !hasText && toolCalls.size === 0 ? message : {};
}

/** OpenAI says `stop` after a call that the request named. */
function ended(reason: FinishReason, { toolCalls }: State): FinishReason {
  return reason === "stop" && toolCalls.size > 0 ? "tool-calls" : reason;
}

function interrupted({ label, address }: ModelServer): InferenceError {
  return new InferenceError(`${label}: the stream ended before the answer was finished`, {
    kind: "interrupted",
    replica: address,
    retryable: true,
  });
}
