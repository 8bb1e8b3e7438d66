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
import { llamaCppDialect } from "./llama-cpp-dialect.ts";
import { parseBackendOptions, type LlamaCppBackendOptions } from "./llama-cpp-options.ts";
import { createLlamaCppServer } from "./llama-cpp-server.ts";

/** Generates text with a llama-server (https://github.com/ggml-org/llama.cpp/tree/master/tools/server). */
export class LlamaCppBackend implements InferenceBackend {
  readonly #backend: ChatBackend;

  /** Opens no connection yet. Throws `ConfigurationError` if an option is invalid. */
  constructor(options: LlamaCppBackendOptions) {
    const settings = parseBackendOptions(options);
    const server = createLlamaCppServer("LlamaCppBackend", settings, () => this.#backend.forget());
    const dialect = llamaCppDialect(server, settings.model);
    this.#backend = createChatBackend({ server, timeouts: settings, dialect });
  }

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

  countTokens(request: GenerateRequest, options?: InferenceCallOptions): Promise<number> {
    return this.#backend.countTokens(request, options);
  }

  health(options?: InferenceCallOptions): Promise<Health> {
    return this.#backend.health(options);
  }

  close(): Promise<void> {
    return this.#backend.close();
  }

  /** The same as `close()`. */
  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }
}
