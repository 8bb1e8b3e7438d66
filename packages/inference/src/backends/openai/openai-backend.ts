import type {
  CapabilityOptions,
  GenerateRequest,
  Generation,
  GenerationStream,
  Health,
  InferenceBackend,
  InferenceCallOptions,
  ModelCapabilities,
} from "@binnacle/core";
import { createChatBackend, type ChatBackend } from "../../generation/create-chat-backend.ts";
import { openAIDialect } from "./openai-dialect.ts";
import { parseBackendOptions, type OpenAIBackendOptions } from "./openai-options.ts";
import { createOpenAIServer } from "./openai-server.ts";

/** Generates text with OpenAI or any server of its protocol, through the `openai` package. */
export class OpenAIBackend implements InferenceBackend {
  readonly #backend: ChatBackend;

  /** Opens no connection yet. Throws `ConfigurationError` if an option is invalid. */
  constructor(options: OpenAIBackendOptions) {
    const settings = parseBackendOptions(options);
    const server = createOpenAIServer("OpenAIBackend", settings);
    const dialect = openAIDialect(server, settings);
    this.#backend = createChatBackend({ server, timeouts: settings, dialect });
  }

  /** Returns the capabilities that the options declare, because the protocol has no way to ask for them. */
  capabilities(options?: CapabilityOptions): Promise<ModelCapabilities> {
    return this.#backend.capabilities(options);
  }

  /** Generates the whole answer. It uses a stream inside, so the stream's timers also apply here. */
  generate(request: GenerateRequest, options?: InferenceCallOptions): Promise<Generation> {
    return this.#backend.generate(request, options);
  }

  stream(request: GenerateRequest, options?: InferenceCallOptions): GenerationStream {
    return this.#backend.stream(request, options);
  }

  /** Always rejects with an `UnsupportedError`, because the protocol cannot count tokens. */
  countTokens(request: GenerateRequest, options?: InferenceCallOptions): Promise<number> {
    return this.#backend.countTokens(request, options);
  }

  health(options?: InferenceCallOptions): Promise<Health> {
    return this.#backend.health(options);
  }

  /** Ends the driver: later calls reject. A client that you passed in stays open. */
  close(): Promise<void> {
    return this.#backend.close();
  }

  /** The same as `close()`. */
  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }
}
