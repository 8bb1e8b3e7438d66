import type { ToolCall } from "./generate-request.ts";

/** Tokens a generation cost, as the server counted them. */
export interface GenerationUsage {
  readonly promptTokens: number;
  readonly completionTokens: number;
  /** Prompt tokens that the server had in its cache. */
  readonly cachedTokens?: number | undefined;
}

/**
 * Why a generation ended: `stop` by itself or at a stop text, `length` at the token limit, `content-filter` by the
 * server, `tool-calls` because the model waits for tool results. This union may grow: treat a reason that you do not
 * know as an end like `stop`.
 */
export type FinishReason = "stop" | "length" | "content-filter" | "tool-calls";

/** A token that the model might have written, and how probable it was. */
export interface TokenChance {
  /** The token's text. One that ends within a character holds U+FFFD. */
  readonly token: string;
  /** Natural logarithm of its probability, 0 or less. */
  readonly logprob: number;
}

/** A token that the model wrote, how probable it was, and the alternatives. */
export interface TokenLogprob extends TokenChance {
  /** The most probable tokens at this place, most probable first. */
  readonly top: readonly TokenChance[];
}

/** A finished generation. */
export interface Generation {
  readonly text: string;
  /** What a reasoning model thought, if the server keeps it apart. */
  readonly reasoning?: string | undefined;
  /** The calls the model asks for; missing if there are none. */
  readonly toolCalls?: readonly ToolCall[] | undefined;
  /** One per token of the answer, if the request asked for them. */
  readonly logprobs?: readonly TokenLogprob[] | undefined;
  readonly finishReason: FinishReason;
  /** Missing if the server does not say. */
  readonly usage?: GenerationUsage | undefined;
  /** The model that answered, as the server names it. */
  readonly model: string;
  /** Address of the server that answered, without credentials. */
  readonly replica?: string | undefined;
  /** Set if the answer came from a cache: how long ago it was made, in milliseconds. */
  readonly cachedForMs?: number | undefined;
}

/**
 * One event of a stream: `start` once first, `finish` once last. This union may grow: skip an event whose type you do not
 * know. `tool-call` comes only if the request has `tools`.
 */
export type GenerationEvent =
  | {
      readonly type: "start";
      readonly model: string;
      readonly replica?: string | undefined;
      /** As in {@link Generation.cachedForMs}. */
      readonly cachedForMs?: number | undefined;
    }
  | {
      readonly type: "text";
      /** May be empty beside `logprobs`. */
      readonly text: string;
      readonly logprobs?: readonly TokenLogprob[] | undefined;
    }
  | { readonly type: "reasoning"; readonly text: string }
  | {
      readonly type: "tool-call";
      /** Which call of the answer, from 0. Every event of one call has the same index, id and name. */
      readonly index: number;
      readonly id: string;
      readonly name: string;
      /** The next piece of the arguments; may be empty. */
      readonly argumentsDelta: string;
    }
  | { readonly type: "usage"; readonly usage: GenerationUsage }
  | { readonly type: "finish"; readonly reason: FinishReason };

/**
 * A generation under way. Iterating ends after `finish` or throws. A stream that was cut, fell silent or took too long is
 * an error whose `partial` holds what had arrived. An abort throws the signal's reason alone. Leaving the loop closes the
 * socket and frees the server's slot. It can be iterated once.
 */
export interface GenerationStream extends AsyncIterable<GenerationEvent> {
  /** The whole generation. Reads the stream itself if nobody iterates; never an unhandled rejection. */
  readonly result: Promise<Generation>;
}
