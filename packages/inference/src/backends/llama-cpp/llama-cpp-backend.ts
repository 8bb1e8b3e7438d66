import {
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
import { closedError, remembered, type Remembered } from "../../remembered.ts";
import { streamChat } from "../../streaming/stream-chat.ts";
import { withDeadline } from "../../with-deadline.ts";
import { llamaCppError, reportedError } from "./llama-cpp-error.ts";
import { askFacts, askTokenCount, canCountTokens } from "./llama-cpp-facts.ts";
import { askHealth } from "./llama-cpp-health.ts";
import {
  parseBackendOptions,
  type LlamaCppBackendOptions,
  type LlamaCppBackendSettings,
} from "./llama-cpp-options.ts";
import { createLlamaCppServer, type LlamaCppServer } from "./llama-cpp-server.ts";

const component = "LlamaCppBackend";

/** Text generation by a llama-server (https://github.com/ggml-org/llama.cpp/tree/master/tools/server). */
export class LlamaCppBackend implements InferenceBackend {
  readonly #settings: LlamaCppBackendSettings;
  readonly #server: LlamaCppServer;
  readonly #capabilities: Remembered<ModelCapabilities>;
  #closed = false;

  /** Connects to nothing yet. Throws `ConfigurationError`. */
  constructor(options: LlamaCppBackendOptions) {
    this.#settings = parseBackendOptions(options);
    this.#server = createLlamaCppServer(component, this.#settings, () => this.#capabilities.forget());
    this.#capabilities = remembered((signal) => this.#askCapabilities({ signal }));
  }

  async capabilities(options: CallOptions = {}): Promise<ModelCapabilities> {
    this.#checkOpen();
    return withDeadline(this.#server.source, options, ({ signal }) => this.#capabilities.get(signal));
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

  async countTokens(request: GenerateRequest, options: CallOptions = {}): Promise<number> {
    this.#checkOpen();
    const checked = await this.#checked(request, options);
    return withDeadline(this.#server.source, options, async ({ signal, deadlineAt }) => {
      const { countsTokens } = await this.#capabilities.get(signal);
      if (!countsTokens)
        throw this.#unsupported("countsTokens", "this llama-server cannot count tokens; update it");
      return askTokenCount(this.#server, this.#body(checked, false), { ...options, signal, deadlineAt });
    });
  }

  async health(options: CallOptions = {}): Promise<Health> {
    this.#checkOpen();
    options.signal?.throwIfAborted();
    return askHealth(this.#server, this.#settings.model, options);
  }

  async close(): Promise<void> {
    this.#closed = true;
    await this.#server.close();
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
    const checked = await this.#checked(request, options);
    const { source, replica, clean } = this.#server;
    const json = this.#body(checked, true);
    yield* streamChat({
      ...options,
      source,
      replica,
      clean,
      model: this.#settings.model ?? "",
      timeouts: this.#settings,
      send: async ({ signal, deadlineAt }) => {
        // Headers come at once, or late: the timers of the stream are the only ones.
        const call = { ...options, signal, deadlineAt, headersTimeoutMs: Infinity };
        const answer = await this.#server.stream(
          { method: "POST", path: "/v1/chat/completions", json },
          call,
        );
        return { contentType: answer.headers.get("content-type"), body: answer.body };
      },
      toError: (error, partial) => {
        if (partial !== undefined) this.#capabilities.forget();
        return llamaCppError(error, {
          component,
          replica,
          partial: partial === undefined ? undefined : { text: partial },
        });
      },
      toReportedError: (error, partial) =>
        reportedError(error, { component, replica, partial: { text: partial } }),
    });
  }

  async #checked(request: GenerateRequest, options: CallOptions): Promise<GenerateRequest> {
    const checked = checkRequest(component, request);
    const none = { model: "", vision: false, jsonSchema: true, countsTokens: false };
    if (missingCapability(checked, none) === undefined) return checked; // without asking the server
    const capability = missingCapability(checked, await this.capabilities(options));
    if (capability === "vision")
      throw this.#unsupported("vision", "the served model sees no images; start llama-server with --mmproj");
    if (capability !== undefined) throw this.#unsupported(capability, `it does not do ${capability}`);
    return checked;
  }

  async #askCapabilities(options: CallOptions): Promise<ModelCapabilities> {
    const { model } = this.#settings;
    const facts = await askFacts(this.#server, model, options);
    const countsTokens = await canCountTokens(this.#server, model, options);
    // Any model can be held to a schema: llama-server makes a grammar of it.
    return { ...facts, jsonSchema: true, countsTokens };
  }

  #body(request: GenerateRequest, stream: boolean): Record<string, unknown> {
    return chatBody(request, { model: this.#settings.model, stream, maxTokensField: "max_tokens" });
  }

  #checkOpen(): void {
    if (this.#closed) throw closedError(component);
  }

  #unsupported(capability: string, message: string): UnsupportedError {
    return new UnsupportedError(`${this.#server.source}: ${message}`, { capability });
  }
}
