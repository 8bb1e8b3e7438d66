import type { ToolCall } from "./generate-request.ts";

/** Tokens of a generation, as the server counted them. */
export interface GenerationUsage {
  readonly promptTokens: number;
  readonly completionTokens: number;
  /** Prompt tokens that the server read from its cache. Missing if the server does not report it. */
  readonly cachedTokens?: number | undefined;
}

/**
 * Why a generation ended. `stop`: the model finished, or wrote a stop text. `length`: it reached the token
 * limit. `content-filter`: the server blocked it. `tool-calls`: the model waits for tool results. This union
 * may grow: treat a reason that you do not know like `stop`.
 */
export type FinishReason = "stop" | "length" | "content-filter" | "tool-calls";

/** A token that the model could have written, and its probability. */
export interface TokenChance {
  /** The token's text. A token that ends within a character holds U+FFFD. */
  readonly token: string;
  /** Natural logarithm of the probability, 0 or less. */
  readonly logprob: number;
}

/** A token that the model wrote, its probability, and the alternatives. */
export interface TokenLogprob extends TokenChance {
  /** The most probable tokens at this place, most probable first. */
  readonly top: readonly TokenChance[];
}

/** A finished generation. */
export interface Generation {
  readonly text: string;
  /** The model's reasoning. Missing if the server does not separate it from the text. */
  readonly reasoning?: string | undefined;
  /** The tool calls that the model requests. Missing if it requests none. */
  readonly toolCalls?: readonly ToolCall[] | undefined;
  /** One entry per token of the answer. Missing if the request did not ask for them. */
  readonly logprobs?: readonly TokenLogprob[] | undefined;
  readonly finishReason: FinishReason;
  /** Missing if the server does not report it. */
  readonly usage?: GenerationUsage | undefined;
  /** The model that answered, as the server names it. */
  readonly model: string;
  /** Address of the server that answered, without credentials. Missing if it is unknown. */
  readonly replica?: string | undefined;
  /** Set if the answer came from a cache: how long ago it was made, in milliseconds. */
  readonly cachedForMs?: number | undefined;
}

/**
 * One event of a stream. The first event is `start` and the last is `finish`; each occurs once. `tool-call`
 * occurs only if the request has `tools`. This union may grow: skip an event whose type you do not know.
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
      /** Number of the call within the answer, from 0. Every event of one call has the same index, id and
       * name. */
      readonly index: number;
      readonly id: string;
      readonly name: string;
      /** The next piece of the arguments. May be empty. */
      readonly argumentsDelta: string;
    }
  | { readonly type: "usage"; readonly usage: GenerationUsage }
  | { readonly type: "finish"; readonly reason: FinishReason };

/**
 * A running generation. It can be iterated once. The loop ends after `finish`, or throws. If the stream
 * breaks, stalls or takes too long, the error's `partial` holds the text so far. An abort throws the signal's
 * reason. Leaving the loop closes the socket and frees the server's slot.
 */
export interface GenerationStream extends AsyncIterable<GenerationEvent> {
  /** The whole generation. Reads the stream by itself if no loop does. Never causes an unhandled
   * rejection. */
  readonly result: Promise<Generation>;
}
