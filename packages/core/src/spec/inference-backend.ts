import type { Closable, InferenceCallOptions } from "./call-options.ts";
import type { Grammar, GenerateRequest } from "./generate-request.ts";
import type { Generation, GenerationStream } from "./generation.ts";
import type { Health } from "./health.ts";

/**
 * What the served model can do, as the server or the app says. This interface may grow by optional fields; a field that
 * is missing means "not known", and a driver refuses what it does not know to be supported.
 */
export interface ModelCapabilities {
  readonly model: string;
  /** Tokens of prompt and answer together, per request; undefined if the server does not say. */
  readonly contextTokens?: number | undefined;
  /** Whether it takes images. */
  readonly vision: boolean;
  /** Whether it holds its answer to a JSON Schema. */
  readonly jsonSchema: boolean;
  /** Whether {@link InferenceBackend.countTokens} is exact; if false it rejects with `UnsupportedError`. */
  readonly countsTokens: boolean;
  /** Requests the server works on at the same time; undefined if it does not say. */
  readonly slots?: number | undefined;
  /** Whether it takes `tools`. */
  readonly tools?: boolean | undefined;
  /** Whether `toolChoice` may name a tool. */
  readonly namedToolChoice?: boolean | undefined;
  /** Which grammars it takes. */
  readonly grammars?: readonly Grammar["syntax"][] | undefined;
  /** Whether it gives `logprobs`. */
  readonly logprobs?: boolean | undefined;
  /** Whether it takes an `adapter`. */
  readonly adapters?: boolean | undefined;
}

/** Options of {@link InferenceBackend.capabilities}. */
export interface CapabilityOptions extends InferenceCallOptions {
  /** Which model, on a server or pool of several. @default the driver's own */
  readonly model?: string | undefined;
}

/** A server that generates text. */
export interface InferenceBackend extends Closable {
  /** Asks the server on first use, remembers the answer, and asks again after a lost connection. */
  capabilities(options?: CapabilityOptions): Promise<ModelCapabilities>;
  /** Answers with the whole generation. One that breaks off rejects, with what had arrived as `partial`. */
  generate(request: GenerateRequest, options?: InferenceCallOptions): Promise<Generation>;
  /** Sends the request when the stream is first read or its `result` awaited. */
  stream(request: GenerateRequest, options?: InferenceCallOptions): GenerationStream;
  /** Tokens of the request's messages as the server would count them, template included. */
  countTokens(request: GenerateRequest, options?: InferenceCallOptions): Promise<number>;
  /** Really asks the server. Resolves with `down` rather than rejecting. */
  health(options?: InferenceCallOptions): Promise<Health>;
}
