import { InferenceError, type FinishReason, type GenerationEvent } from "@binnacle/core";
import type { ServerSentItem } from "@binnacle/core/kit";
import {
  finishReasonOf,
  parseChatChunk,
  reasoningOf,
  usageOf,
  type ChatChunk,
} from "../protocol/chat-chunk.ts";
import type { AnswerBeginning } from "./answer-beginning.ts";
import { otherAnswer } from "./other-answer.ts";

/** What {@link readChatEvents} takes beside the stream. */
export interface ReadChatEventsOptions {
  /** Who answers, for error messages: `LlamaCppBackend http://127.0.0.1:8080`. */
  readonly source: string;
  /** The server's address without credentials. */
  readonly replica: string;
  /** Takes the secrets out of a text: some servers repeat them. */
  readonly clean: (text: string) => string;
  /** The model's name, where the server does not say. */
  readonly model: string;
  /** Told of everything that arrives: `token` for text or reasoning, `alive` for the rest, comments included. */
  readonly onArrival: (kind: "token" | "alive") => void;
  /** Makes the error of an `{"error": …}` event, which servers send once a stream has begun. */
  readonly toError: (error: unknown, partial: string) => Error;
  /** How the answer begins, asked for where no event came. */
  readonly beginning: () => AnswerBeginning;
}

/**
 * Reads the events of a streamed chat completion: `start` first, then text and reasoning, then usage, `finish` last. An
 * end without a finish reason is an `InferenceError` of kind `interrupted`, unless what came is no event stream at all;
 * once the reason was there the answer is whole.
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
    const chunk = parseChatChunk(options, item.data);
    if (chunk.error !== undefined && chunk.error !== null) throw options.toError(chunk.error, state.partial);
    yield* eventsOf(chunk, state, options);
  }
  if (state.finish === undefined) {
    throw (
      (state.started ? undefined : otherAnswer(options.beginning(), options)) ?? interrupted(options, state)
    );
  }
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
  options: ReadChatEventsOptions,
): Generator<GenerationEvent, void, undefined> {
  if (!state.started) {
    state.started = true;
    yield { type: "start", model: chunk.model ?? options.model };
  }
  const choice = chunk.choices?.[0];
  const text = choice?.delta?.content ?? "";
  const reasoning = choice?.delta ? reasoningOf(choice.delta) : undefined;
  options.onArrival(text === "" && reasoning === undefined ? "alive" : "token");
  if (reasoning !== undefined) yield { type: "reasoning", text: reasoning };
  if (text !== "") {
    state.partial += text;
    yield { type: "text", text };
  }
  if (choice?.finish_reason) state.finish = finishReasonOf(options, choice.finish_reason, state.partial);
  if (chunk.usage) yield { type: "usage", usage: usageOf(chunk.usage) };
}

function interrupted({ source, replica }: ReadChatEventsOptions, { partial }: State): InferenceError {
  return new InferenceError(`${source}: the stream ended before the answer was finished`, {
    kind: "interrupted",
    replica,
    partial: { text: partial },
    retryable: true,
  });
}
