import { InferenceError, type FinishReason, type GenerationEvent } from "@binnacle/core";
import type { ServerSentItem } from "@binnacle/core/kit";
import {
  finishReasonOf,
  parseChatChunk,
  reasoningOf,
  usageOf,
  type ChatChunk,
} from "../protocol/chat-chunk.ts";

/** What {@link readChatEvents} takes beside the stream. */
export interface ReadChatEventsOptions {
  /** Who answers, for error messages: `LlamaCppBackend http://127.0.0.1:8080`. */
  readonly source: string;
  /** The model's name, where the server does not say. */
  readonly model: string;
  /** Told of everything that arrives: `token` for text or reasoning, `alive` for the rest, comments included. */
  readonly onArrival: (kind: "token" | "alive") => void;
  /** Makes the error of an `{"error": …}` event, which servers send once a stream has begun. */
  readonly toError: (error: unknown, partial: string) => Error;
}

/**
 * Reads the events of a streamed chat completion: `start` first, then text and reasoning, then usage, `finish` last. An
 * end without a finish reason is an `InferenceError` of kind `interrupted`, whatever else came; once the reason was
 * there the answer is whole.
 */
export async function* readChatEvents(
  items: AsyncIterable<ServerSentItem>,
  options: ReadChatEventsOptions,
): AsyncGenerator<GenerationEvent, void, undefined> {
  const state: State = { partial: "", started: false };
  for await (const item of items) {
    if (item.type !== "event") {
      options.onArrival("alive");
      continue;
    }
    if (item.data === "[DONE]") break;
    const chunk = parseChatChunk(options.source, item.data);
    if (chunk.error !== undefined) throw options.toError(chunk.error, state.partial);
    yield* eventsOf(chunk, state, options);
  }
  if (state.finish === undefined) throw interrupted(options.source, state.partial);
  yield { type: "finish", reason: state.finish };
}

interface State {
  partial: string;
  started: boolean;
  finish?: FinishReason;
}

function* eventsOf(
  chunk: ChatChunk,
  state: State,
  { model, onArrival }: ReadChatEventsOptions,
): Generator<GenerationEvent, void, undefined> {
  if (!state.started) {
    state.started = true;
    yield { type: "start", model: chunk.model ?? model };
  }
  const choice = chunk.choices?.[0];
  const text = choice?.delta?.content ?? "";
  const reasoning = choice?.delta === undefined ? undefined : reasoningOf(choice.delta);
  onArrival(text === "" && reasoning === undefined ? "alive" : "token");
  if (reasoning !== undefined) yield { type: "reasoning", text: reasoning };
  if (text !== "") {
    state.partial += text;
    yield { type: "text", text };
  }
  if (choice?.finish_reason) state.finish = finishReasonOf(choice.finish_reason, state.partial);
  if (chunk.usage) yield { type: "usage", usage: usageOf(chunk.usage) };
}

function interrupted(source: string, partial: string): InferenceError {
  return new InferenceError(`${source}: the stream ended before the answer was finished`, {
    kind: "interrupted",
    partial,
    retryable: true,
  });
}
