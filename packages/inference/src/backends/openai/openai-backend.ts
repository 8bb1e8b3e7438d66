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

/** Text generation by OpenAI or any server of its protocol, through the `openai` package. */
export class OpenAIBackend implements InferenceBackend {
  readonly #backend: ChatBackend;

  /** Connects to nothing yet. Throws `ConfigurationError`. */
  constructor(options: OpenAIBackendOptions) {
    const settings = parseBackendOptions(options);
    const server = createOpenAIServer("OpenAIBackend", settings);
    const dialect = openAIDialect(server, settings);
    this.#backend = createChatBackend({ server, timeouts: settings, dialect });
  }

  /** What the options declare: the protocol has no way to ask. */
  capabilities(options?: CapabilityOptions): Promise<ModelCapabilities> {
    return this.#backend.capabilities(options);
  }

  /** Streams, and gives the whole: a server that stops in the middle is noticed here too. */
  generate(request: GenerateRequest, options?: InferenceCallOptions): Promise<Generation> {
    return this.#backend.generate(request, options);
  }

  stream(request: GenerateRequest, options?: InferenceCallOptions): GenerationStream {
    return this.#backend.stream(request, options);
  }

  /** Always rejects: the protocol cannot count. */
  countTokens(request: GenerateRequest, options?: InferenceCallOptions): Promise<number> {
    return this.#backend.countTokens(request, options);
  }

  health(options?: InferenceCallOptions): Promise<Health> {
    return this.#backend.health(options);
  }

  /** Later calls reject. An app's own client is left as it is. */
  close(): Promise<void> {
    return this.#backend.close();
  }

  /** The same as `close()`. */
  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }
}
