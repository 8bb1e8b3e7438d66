import { InferenceError, type FinishReason, type GenerationEvent } from "@binnacle/core";
import { ReasoningSplitter, type ServerSentItem } from "@binnacle/core/kit";
import { parseFailure } from "../failures/server-failure.ts";
import type { GenerationItem } from "../generation/timed-generation.ts";
import type { ModelServer } from "../server/model-server.ts";
import type { AnswerBeginning } from "./answer-beginning.ts";
import {
  logprobsOf,
  parseChatChunk,
  reasoningOf,
  textOf,
  usageOf,
  type ChatChunk,
  type ChatMessagePart,
} from "./chat-chunk.ts";
import { finishReasonOf } from "./finish-reason.ts";
import { otherAnswer } from "./other-answer.ts";
import { TextChunks } from "./text-chunks.ts";
import { ToolCalls } from "./tool-calls.ts";

/** Options of {@link readChatEvents}. */
export interface ReadChatEventsOptions {
  readonly server: ModelServer;
  /** The model's name, used if the server reports none. */
  readonly model: string;
  /** Alternatives per token that the request asked for. @default none */
  readonly logprobs?: number | undefined;
  /** Returns the beginning of the answer. Called only if no event arrived. */
  readonly beginning: () => AnswerBeginning;
}

interface State {
  started: boolean;
  finish: FinishReason | undefined;
  hasText: boolean;
  isDone: boolean;
  readonly reasoning: ReasoningSplitter;
  readonly toolCalls: ToolCalls;
  readonly textChunks: TextChunks;
}

/**
 * Yields the events of a streamed chat completion: `start`, then text, reasoning and tool calls, then usage,
 * and `finish` last. Events that arrived together come in one list. A piece without events yields `alive`.
 *
 * A stream that ends before its finish reason throws an `InferenceError` of kind `interrupted`. An answer
 * that is not an event stream throws the error that describes it. After the finish reason the answer is
 * complete.
 */
export async function* readChatEvents(
  batches: AsyncIterable<readonly ServerSentItem[]>,
  options: ReadChatEventsOptions,
): AsyncGenerator<readonly GenerationItem[], void, undefined> {
  const { server } = options;
  const state: State = {
    started: false,
    finish: undefined,
    hasText: false,
    isDone: false,
    reasoning: new ReasoningSplitter(),
    toolCalls: new ToolCalls(),
    textChunks: new TextChunks(),
  };
  for await (const items of batches) {
    const events: GenerationEvent[] = [];
    let isDone = false;
    try {
      isDone = readItems(items, events, { state, options });
    } catch (error) {
      if (events.length > 0) yield events; // they came before the fault
      throw error;
    }
    yield events.length > 0 ? events : ["alive"];
    state.isDone = isDone;
    if (isDone) break;
  }
  const held = state.reasoning.end();
  if (held.length > 0) yield held;
  // The mark of the end is as good as a reason.
  if (state.isDone && state.started) state.finish ??= "stop";
  if (state.finish !== undefined) return yield [{ type: "finish", reason: ended(state.finish, state) }];
  throw (state.started ? undefined : otherAnswer(options.beginning(), server)) ?? interrupted(server);
}

/** Reads the items of one piece into `events`. Returns true after the last item of the answer. */
function readItems(
  items: readonly ServerSentItem[],
  events: GenerationEvent[],
  { state, options }: { readonly state: State; readonly options: ReadChatEventsOptions },
): boolean {
  const { server } = options;
  for (const item of items) {
    if (item.type !== "event" || item.event === "ping" || item.data.trim() === "") continue;
    if (item.data.trim() === "[DONE]") return true;
    if (item.event === "error") throw server.toError(parseFailure({ body: item.data }));
    const text = state.textChunks.textOf(item.data);
    if (text !== undefined) {
      if (state.reasoning.isPast) events.push({ type: "text", text });
      else events.push(...state.reasoning.add(text));
      continue;
    }
    const chunk = parseChatChunk(server, item.data);
    if (isFailure(chunk.error)) throw server.toError(parseFailure({ body: chunk.error }));
    if (chunk.object === "error") throw server.toError(parseFailure({ body: item.data }));
    addEvents(chunk, events, { state, options });
    const content = chunk.choices?.[0]?.delta?.content;
    if (typeof content === "string" && content !== "") state.textChunks.learn(item.data, chunk);
  }
  return false;
}

function addEvents(
  chunk: ChatChunk,
  events: GenerationEvent[],
  { state, options }: { readonly state: State; readonly options: ReadChatEventsOptions },
): void {
  const { server, model, logprobs: alternatives = 0 } = options;
  if (!state.started) {
    state.started = true;
    events.push({ type: "start", model: chunk.model ?? model, replica: server.address });
  }
  const choice = chunk.choices?.[0];
  const delta = choice?.delta ?? wholeMessage(choice?.message, state);
  const reasoning = reasoningOf(delta);
  if (reasoning !== "") events.push({ type: "reasoning", text: reasoning });
  const text = textOf(delta.content);
  const logprobs = choice?.logprobs ? logprobsOf(choice.logprobs, alternatives) : [];
  if (logprobs.length > 0) events.push({ type: "text", text, logprobs });
  else if (text !== "") events.push(...state.reasoning.add(text));
  if (text !== "") state.hasText = true;
  for (const part of delta.tool_calls ?? []) events.push(state.toolCalls.event(part));
  if (choice?.finish_reason) state.finish = finishReasonOf(server, choice.finish_reason);
  if (chunk.usage) events.push({ type: "usage", usage: usageOf(chunk.usage) });
}

/** Returns false for `error: false`, `""` and `null`, which some servers send beside a good piece. */
function isFailure(error: unknown): boolean {
  return typeof error === "object" ? error !== null : typeof error === "string" && error !== "";
}

/**
 * Returns a message that was sent whole, but only if no piece came before. Some servers repeat the answer at
 * the end.
 */
function wholeMessage(
  message: ChatMessagePart | null | undefined,
  { hasText, toolCalls }: State,
): ChatMessagePart {
  return message && !hasText && toolCalls.size === 0 ? message : {};
}

/** Returns `tool-calls` where OpenAI says `stop` after a tool call that the request named. */
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
