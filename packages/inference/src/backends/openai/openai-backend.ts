import {
  InferenceError,
  UnsupportedError,
  type CallOptions,
  type GenerateRequest,
  type Generation,
  type GenerationEvent,
  type GenerationStream,
  type Health,
  type InferenceBackend,
  type ModelCapabilities,
} from "@binnacle/core";
import { createGenerationStream, missingCapability } from "@binnacle/core/kit";
import { chatBody } from "../../protocol/chat-body.ts";
import { checkRequest } from "../../protocol/generate-request.ts";
import { closedError } from "../../remembered.ts";
import { streamChat } from "../../streaming/stream-chat.ts";
import { withDeadline } from "../../with-deadline.ts";
import {
  parseBackendOptions,
  type OpenAIBackendOptions,
  type OpenAIBackendSettings,
} from "./openai-options.ts";
import { createOpenAIWire, type OpenAIWire } from "./openai-wire.ts";

const component = "OpenAIBackend";
const healthTimeoutMs = 10_000;

/** Text generation by OpenAI or any server of its protocol, through the `openai` package. */
export class OpenAIBackend implements InferenceBackend {
  readonly #settings: OpenAIBackendSettings;
  readonly #wire: OpenAIWire;
  #closed = false;

  /** Connects to nothing yet. Throws `ConfigurationError`. */
  constructor(options: OpenAIBackendOptions) {
    this.#settings = parseBackendOptions(options);
    this.#wire = createOpenAIWire(component, this.#settings);
  }

  /** What the options declare: the protocol has no way to ask. */
  async capabilities(options: CallOptions = {}): Promise<ModelCapabilities> {
    this.#checkOpen();
    const { model, vision, jsonSchema, contextTokens, slots } = this.#settings;
    const capabilities = { model, vision, jsonSchema, contextTokens, slots, countsTokens: false };
    return withDeadline(this.#wire.source, options, () => Promise.resolve(capabilities));
  }

  /** Streams, and gives the whole: a server that stops in the middle is noticed here too. */
  async generate(request: GenerateRequest, options?: CallOptions): Promise<Generation> {
    return this.stream(request, options).result;
  }

  stream(request: GenerateRequest, options: CallOptions = {}): GenerationStream {
    return createGenerationStream({
      signal: options.signal,
      open: (signal) => this.#events(request, { ...options, signal }),
    });
  }

  /** Always rejects: the protocol cannot count. */
  async countTokens(_request: GenerateRequest, options: CallOptions = {}): Promise<number> {
    this.#checkOpen();
    options.signal?.throwIfAborted();
    throw this.#unsupported(
      "countsTokens",
      "this protocol cannot count tokens; use a tokenizer of the model",
    );
  }

  async health(options: CallOptions = {}): Promise<Health> {
    this.#checkOpen();
    options.signal?.throwIfAborted();
    const startedAt = performance.now();
    const found = (status: Health["status"], detail?: string): Health => ({
      status,
      latencyMs: performance.now() - startedAt,
      detail,
    });
    try {
      await this.#wire.get("/models", () => undefined, {
        ...options,
        timeoutMs: healthTimeoutMs,
        maxAttempts: 1,
      });
      return found("ok");
    } catch (error) {
      options.signal?.throwIfAborted();
      if (!(error instanceof Error)) throw error;
      const answers =
        InferenceError.isInstance(error) && ["loading", "overloaded", "not-found"].includes(error.kind);
      return found(answers ? "degraded" : "down", error.message);
    }
  }

  /** Later calls reject. An app's own client is left as it is. */
  async close(): Promise<void> {
    this.#closed = true;
    await this.#wire.close();
  }

  /** The same as `close()`. */
  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  async *#events(
    request: GenerateRequest,
    options: CallOptions,
  ): AsyncGenerator<GenerationEvent, void, undefined> {
    this.#checkOpen();
    const checked = this.#checked(request);
    const { source, replica, clean } = this.#wire;
    const { model, maxTokensField } = this.#settings;
    const body = chatBody(checked, { model, stream: true, maxTokensField });
    yield* streamChat({
      ...options,
      source,
      replica,
      clean,
      model,
      timeouts: this.#settings,
      send: ({ signal, deadlineAt }) =>
        this.#wire.stream("/chat/completions", body, { ...options, signal, deadlineAt }),
      toError: this.#wire.toError,
      toReportedError: this.#wire.toReportedError,
    });
  }

  #checked(request: GenerateRequest): GenerateRequest {
    const checked = checkRequest(component, request);
    const capability = missingCapability(checked, { ...this.#settings, countsTokens: false });
    if (capability !== undefined)
      throw this.#unsupported(capability, `not declared for this model; set ${capability}`);
    return checked;
  }

  #checkOpen(): void {
    if (this.#closed) throw closedError(component);
  }

  #unsupported(capability: string, message: string): UnsupportedError {
    return new UnsupportedError(`${this.#wire.source}: ${message}`, { capability });
  }
}
