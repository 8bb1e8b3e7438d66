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
import { RememberedModels } from "../../server/remembered-models.ts";
import { vllmDialect } from "./vllm-dialect.ts";
import { askFacts } from "./vllm-facts.ts";
import { parseBackendOptions, type VllmBackendOptions } from "./vllm-options.ts";
import { createVllmServer } from "./vllm-server.ts";

/** Generates text with a vLLM server (https://docs.vllm.ai). */
export class VllmBackend implements InferenceBackend {
  readonly #backend: ChatBackend;

  /** Opens no connection yet. Throws `ConfigurationError` if an option is invalid. */
  constructor(options: VllmBackendOptions) {
    const settings = parseBackendOptions(options);
    const onChanged = (): void => {
      facts.forget();
      this.#backend.forget();
    };
    const server = createVllmServer("VllmBackend", settings, onChanged);
    const facts = new RememberedModels((model, signal) =>
      askFacts(server, model ?? settings.model, { signal }),
    );
    const dialect = vllmDialect({ server, settings, facts, onChanged });
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
