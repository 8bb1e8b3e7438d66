import {
  InferenceError,
  UnsupportedError,
  type CapabilityOptions,
  type GenerateRequest,
  type Generation,
  type GenerationEvent,
  type GenerationStream,
  type Health,
  type InferenceBackend,
  type InferenceCallOptions,
  type ModelCapabilities,
} from "@binnacle/core";
import { createGenerationStream, missingCapability, type Capability } from "@binnacle/core/kit";
import { checkCallOptions } from "../server/call-options.ts";
import { called, closedError } from "../server/called.ts";
import type { ServerIdentity } from "../server/model-server.ts";
import { RememberedModels } from "../server/remembered-models.ts";
import { checkRequest } from "./check-request.ts";
import type { StreamTimeoutSettings } from "./stream-timeouts.ts";
import { timedGeneration, type AttemptOptions, type GenerationItems } from "./timed-generation.ts";

/** The parts in which servers differ. A driver supplies them to {@link createChatBackend}. */
export interface ChatDialect {
  /** Returns the abilities of a model, from the server or from options. The answer is remembered. */
  readonly ask: (model: string | undefined, options: AttemptOptions) => Promise<ModelCapabilities>;
  /** Sends a checked request once and yields its events. */
  readonly open: (request: GenerateRequest, options: AttemptOptions) => AsyncIterable<GenerationItems>;
  /** Counts the tokens of a checked request. Called only if the capabilities have `countsTokens`. */
  readonly countTokens?: ((request: GenerateRequest, options: AttemptOptions) => Promise<number>) | undefined;
  /**
   * Checks that the server works. Resolves with a description if the server answers but has a fault, else
   * with undefined.
   */
  readonly askHealth: (options: InferenceCallOptions) => Promise<string | undefined>;
  /** Returns advice about a missing ability, for the end of the message. */
  readonly wayOut: (capability: Capability) => string;
}

/** Options of {@link createChatBackend}. */
export interface ChatBackendOptions {
  readonly server: ServerIdentity & { close(): Promise<void> };
  readonly timeouts: StreamTimeoutSettings;
  readonly dialect: ChatDialect;
}

/** A backend with a way for its driver to report a lost server. */
export interface ChatBackend extends InferenceBackend {
  /** Forgets the models' abilities, so that the next call asks again. */
  forget(): void;
}

/**
 * Creates a backend from a server and its dialect. Checks, refusals, timers, events, health and closing are
 * the same for all drivers.
 */
export function createChatBackend(options: ChatBackendOptions): ChatBackend {
  return new DialectBackend(options);
}

const healthTimeoutMs = 10_000;
const unable: ModelCapabilities = { model: "", vision: false, jsonSchema: false, countsTokens: false };

class DialectBackend implements ChatBackend {
  readonly #server: ChatBackendOptions["server"];
  readonly #timeouts: StreamTimeoutSettings;
  readonly #dialect: ChatDialect;
  readonly #models: RememberedModels<ModelCapabilities>;
  #closed = false;

  constructor({ server, timeouts, dialect }: ChatBackendOptions) {
    this.#server = server;
    this.#timeouts = timeouts;
    this.#dialect = dialect;
    this.#models = new RememberedModels((model, signal) => dialect.ask(model, { signal }));
  }

  async capabilities(options: CapabilityOptions = {}): Promise<ModelCapabilities> {
    this.#check(options);
    const { model, ...call } = options;
    return called(this.#server, call, ({ signal }) => this.#models.get(model, signal));
  }

  async generate(request: GenerateRequest, options?: InferenceCallOptions): Promise<Generation> {
    return this.stream(request, options).result;
  }

  stream(request: GenerateRequest, options: InferenceCallOptions = {}): GenerationStream {
    checkCallOptions(this.#server.label, options);
    return createGenerationStream({
      signal: options.signal,
      open: (signal) => this.#events(request, { ...options, signal }),
    });
  }

  async countTokens(request: GenerateRequest, options: InferenceCallOptions = {}): Promise<number> {
    this.#check(options);
    const checked = await this.#accepted(request, options);
    const { countsTokens } = await this.capabilities({ ...options, model: checked.model });
    const { countTokens } = this.#dialect;
    if (!countsTokens || countTokens === undefined) throw this.#unsupported("countsTokens");
    return called(this.#server, options, ({ signal, deadlineAt }) =>
      countTokens(checked, { ...options, signal, deadlineAt }),
    );
  }

  async health(options: InferenceCallOptions = {}): Promise<Health> {
    this.#check(options);
    options.signal?.throwIfAborted();
    const startedAt = performance.now();
    const found = (status: Health["status"], detail?: string): Health => ({
      status,
      latencyMs: performance.now() - startedAt,
      detail,
    });
    const deadlineAt = Math.min(options.deadlineAt ?? Infinity, Date.now() + healthTimeoutMs);
    try {
      const amiss = await this.#dialect.askHealth({ ...options, deadlineAt, maxAttempts: 1 });
      return amiss === undefined ? found("ok") : found("degraded", amiss);
    } catch (error) {
      options.signal?.throwIfAborted();
      if (!(error instanceof Error)) throw error;
      const kind = InferenceError.isInstance(error) ? error.kind : undefined;
      if (kind === "loading") return found("degraded", "loading its model");
      return found(kind === "overloaded" ? "degraded" : "down", error.message);
    }
  }

  forget(): void {
    this.#models.forget();
  }

  async close(): Promise<void> {
    this.#closed = true;
    await this.#server.close();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  async *#events(
    request: GenerateRequest,
    options: InferenceCallOptions,
  ): AsyncGenerator<readonly GenerationEvent[], void, undefined> {
    this.#check(options);
    const checked = await this.#accepted(request, options);
    yield* timedGeneration({
      ...options,
      server: this.#server,
      timeouts: this.#timeouts,
      open: (call) => this.#dialect.open(checked, call),
    });
  }

  /**
   * Returns the checked request, or throws an `UnsupportedError` if its model lacks an ability. The server is
   * asked only if the request needs an ability.
   */
  async #accepted(request: GenerateRequest, options: InferenceCallOptions): Promise<GenerateRequest> {
    const checked = checkRequest(this.#server.label, request);
    if (missingCapability(checked, unable) === undefined) return checked;
    const capabilities = await this.capabilities({ ...options, model: checked.model });
    const missing = missingCapability(checked, capabilities);
    if (missing !== undefined) throw this.#unsupported(missing);
    return checked;
  }

  #check(options: InferenceCallOptions): void {
    if (this.#closed) throw closedError(this.#server);
    checkCallOptions(this.#server.label, options);
  }

  #unsupported(capability: Capability): UnsupportedError {
    const { label, address } = this.#server;
    const message = `${label}: ${this.#dialect.wayOut(capability)}`;
    return new UnsupportedError(message, { capability, replica: address });
  }
}
