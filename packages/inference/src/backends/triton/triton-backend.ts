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
import { tritonDialect } from "./triton-dialect.ts";
import { parseBackendOptions, type TritonBackendOptions } from "./triton-options.ts";
import { createTritonServer } from "./triton-server.ts";

/** Generates text with a model of a Triton Inference Server (https://github.com/triton-inference-server/server). */
export class TritonBackend implements InferenceBackend {
  readonly #backend: ChatBackend;

  /** Opens no connection yet. Throws `ConfigurationError` if an option is invalid. */
  constructor(options: TritonBackendOptions) {
    const settings = parseBackendOptions(options);
    const server = createTritonServer("TritonBackend", settings, () => this.#backend.forget());
    const dialect = tritonDialect(server, settings);
    this.#backend = createChatBackend({ server, timeouts: settings, dialect });
  }

  capabilities(options?: CapabilityOptions): Promise<ModelCapabilities> {
    return this.#backend.capabilities(options);
  }

  /** Generates the whole answer. The timers of a stream also apply here. */
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
