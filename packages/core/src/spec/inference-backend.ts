import type { CallOptions, Closable } from "./call-options.ts";
import type { MediaPart } from "./document.ts";
import type { Health } from "./health.ts";
import type { JsonValue } from "./metadata.ts";

/** Part of a message. */
export type ContentPart =
  { readonly type: "text"; readonly text: string } | { readonly type: "image"; readonly image: MediaPart };

/** One turn of a conversation. */
export interface ChatMessage {
  readonly role: "system" | "user" | "assistant";
  readonly content: string | readonly ContentPart[];
}

/** What to generate. A field that is not given is left to the server. */
export interface GenerateRequest {
  /** At least one. */
  readonly messages: readonly ChatMessage[];
  /** Most tokens to generate. */
  readonly maxTokens?: number | undefined;
  readonly temperature?: number | undefined;
  readonly topP?: number | undefined;
  readonly seed?: number | undefined;
  /** Texts that end the generation; they are not part of the result. */
  readonly stop?: readonly string[] | undefined;
  /** JSON Schema the text must satisfy. A model that cannot is refused with `UnsupportedError` before anything is sent. */
  readonly jsonSchema?: { readonly [key: string]: JsonValue } | undefined;
}

/** Tokens a generation cost, as the server counted them. */
export interface GenerationUsage {
  readonly promptTokens: number;
  readonly completionTokens: number;
  /** Prompt tokens that the server had in its cache. */
  readonly cachedTokens?: number | undefined;
}

/** Why a generation ended: `stop` by itself or at a stop text, `length` at the token limit, `content-filter` by the server. */
export type FinishReason = "stop" | "length" | "content-filter";

/** A finished generation. */
export interface Generation {
  readonly text: string;
  /** What a reasoning model thought, where the server keeps it apart. */
  readonly reasoning?: string | undefined;
  readonly finishReason: FinishReason;
  /** Missing where the server does not say. */
  readonly usage?: GenerationUsage | undefined;
  /** The model that answered, as the server names it. */
  readonly model: string;
}

/** One event of a stream: `start` once first, `finish` once last. */
export type GenerationEvent =
  | { readonly type: "start"; readonly model: string }
  | { readonly type: "text"; readonly text: string }
  | { readonly type: "reasoning"; readonly text: string }
  | { readonly type: "usage"; readonly usage: GenerationUsage }
  | { readonly type: "finish"; readonly reason: FinishReason };

/**
 * A generation under way. Iterating ends after `finish` or throws: a stream that was cut, fell silent or took too long is
 * an error, with what had arrived as `partial`, whatever its class; an abort throws the signal's reason alone. Leaving the loop closes the socket and frees the server's slot. It can be iterated once.
 */
export interface GenerationStream extends AsyncIterable<GenerationEvent> {
  /** The whole generation. Reads the stream itself where nobody iterates; never an unhandled rejection. */
  readonly result: Promise<Generation>;
}

/** What the served model can do, as the server says. */
export interface ModelCapabilities {
  readonly model: string;
  /** Tokens of prompt and answer together, per request; undefined where the server does not say. */
  readonly contextTokens?: number | undefined;
  readonly vision: boolean;
  readonly jsonSchema: boolean;
  /** Whether {@link InferenceBackend.countTokens} is exact; where false it rejects with `UnsupportedError`. */
  readonly countsTokens: boolean;
  /** Requests the server works on at the same time; undefined where it does not say. */
  readonly slots?: number | undefined;
}

/** A server that generates text. */
export interface InferenceBackend extends Closable {
  /** Asks the server on first use, remembers the answer, and asks again after a lost connection. */
  capabilities(options?: CallOptions): Promise<ModelCapabilities>;
  /** Answers with the whole generation. One that breaks off rejects, with what had arrived as `partial`. */
  generate(request: GenerateRequest, options?: CallOptions): Promise<Generation>;
  /** Sends the request when the stream is first read or its `result` awaited. */
  stream(request: GenerateRequest, options?: CallOptions): GenerationStream;
  /** Tokens of the request's messages as the server would count them, template included. */
  countTokens(request: GenerateRequest, options?: CallOptions): Promise<number>;
  /** Really asks the server. Resolves with `down` rather than rejecting. */
  health(options?: CallOptions): Promise<Health>;
}
