import type { Closable, InferenceCallOptions } from "./call-options.ts";
import type { Grammar, GenerateRequest } from "./generate-request.ts";
import type { Generation, GenerationStream } from "./generation.ts";
import type { Health } from "./health.ts";

/**
 * The capabilities of the served model, as the server reports or the app declares them. This interface may
 * grow by optional fields. A missing field means "unknown", and a driver refuses requests that need an
 * unknown capability.
 */
export interface ModelCapabilities {
  readonly model: string;
  /** Most tokens of prompt and answer together, per request. Undefined if the server does not report it. */
  readonly contextTokens?: number | undefined;
  /** True if the model accepts images. */
  readonly vision: boolean;
  /** True if the server can restrict the answer to a JSON Schema. */
  readonly jsonSchema: boolean;
  /** True if {@link InferenceBackend.countTokens} is exact. If false, it rejects with an
   * `UnsupportedError`. */
  readonly countsTokens: boolean;
  /** Number of requests that the server processes at the same time. Undefined if the server does not report
   * it. */
  readonly slots?: number | undefined;
  /** True if the model accepts `tools`. */
  readonly tools?: boolean | undefined;
  /** True if `toolChoice` may name a tool. */
  readonly namedToolChoice?: boolean | undefined;
  /** The syntaxes of `grammar` that the server accepts. */
  readonly grammars?: readonly Grammar["syntax"][] | undefined;
  /** True if the server returns `logprobs`. */
  readonly logprobs?: boolean | undefined;
  /** True if the server accepts an `adapter`. */
  readonly adapters?: boolean | undefined;
}

/** Options of {@link InferenceBackend.capabilities}. */
export interface CapabilityOptions extends InferenceCallOptions {
  /** Name of the model, for servers and pools with several models. @default the driver's own */
  readonly model?: string | undefined;
}

/** A server that generates text. */
export interface InferenceBackend extends Closable {
  /** Returns the model's capabilities. Asks the server on first use and again after a lost connection. */
  capabilities(options?: CapabilityOptions): Promise<ModelCapabilities>;
  /** Returns the whole generation. If it breaks, the error's `partial` holds the part that arrived. */
  generate(request: GenerateRequest, options?: InferenceCallOptions): Promise<Generation>;
  /** Returns a stream. The request is sent when the stream is first read or its `result` is awaited. */
  stream(request: GenerateRequest, options?: InferenceCallOptions): GenerationStream;
  /** Returns the tokens of the request's messages as the server counts them, including the chat template. */
  countTokens(request: GenerateRequest, options?: InferenceCallOptions): Promise<number>;
  /** Sends a real request to the server. Resolves with `down` if the server fails. */
  health(options?: InferenceCallOptions): Promise<Health>;
}
