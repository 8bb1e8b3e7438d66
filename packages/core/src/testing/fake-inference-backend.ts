import { ConfigurationError } from "../errors/configuration-error.ts";
import { UnsupportedError } from "../errors/unsupported-error.ts";
import { createGenerationStream } from "../kit/streams/generation-stream.ts";
import { missingCapability } from "../kit/missing-capability.ts";
import type { InferenceCallOptions } from "../spec/call-options.ts";
import type { GenerateRequest, ToolCall } from "../spec/generate-request.ts";
import type {
  FinishReason,
  Generation,
  GenerationEvent,
  GenerationStream,
  GenerationUsage,
} from "../spec/generation.ts";
import type { Health } from "../spec/health.ts";
import type { CapabilityOptions, InferenceBackend, ModelCapabilities } from "../spec/inference-backend.ts";
import { fakeTurn } from "./fake-turn.ts";

/** A reply of the fake: a text, or a text with more fields. */
export type FakeReply =
  | string
  | {
      /** Streamed word by word. Each word counts as a token. */
      readonly text: string;
      /** Streamed before the text. @default none */
      readonly reasoning?: string | undefined;
      /** Streamed after the text. @default none */
      readonly toolCalls?: readonly ToolCall[] | undefined;
      /** Reason at the end of the stream. @default "tool-calls" with `toolCalls`, "length" if the request's
       * `maxTokens` cuts the text, else "stop" */
      readonly finishReason?: FinishReason | undefined;
      /** Streamed before the finish. @default none */
      readonly usage?: GenerationUsage | undefined;
      /** Thrown after the text, instead of a finish. @default none */
      readonly error?: Error | undefined;
      /** True: the stream ends after the text without a finish, like a broken connection. @default false */
      readonly cut?: boolean | undefined;
    };

/** Options of {@link FakeInferenceBackend}. */
export interface FakeInferenceBackendOptions {
  /** The replies in the order of the requests, or a function of the request. The last reply repeats. */
  readonly replies:
    readonly [FakeReply, ...FakeReply[]] | ((request: GenerateRequest) => FakeReply | Promise<FakeReply>);
  /** Overrides of the fake's capabilities. @default a model named `fake` without optional capabilities */
  readonly capabilities?: Partial<ModelCapabilities> | undefined;
  /** Implements `countTokens`. @default `countTokens` is not supported */
  readonly countTokens?: ((request: GenerateRequest) => number) | undefined;
  /** Result of `health`. @default status `ok` */
  readonly health?: Health | undefined;
}

/** A backend for tests without a model. It returns scripted replies and records the requests. */
export class FakeInferenceBackend implements InferenceBackend {
  /** All requests so far, in order. */
  readonly requests: GenerateRequest[] = [];
  readonly #options: FakeInferenceBackendOptions;
  #closed = false;

  constructor(options: FakeInferenceBackendOptions) {
    this.#options = options;
  }

  async capabilities(options?: CapabilityOptions): Promise<ModelCapabilities> {
    await fakeTurn(() => this.#closed, options);
    return this.#capabilities();
  }

  /** Returns the next reply. */
  async generate(request: GenerateRequest, options?: InferenceCallOptions): Promise<Generation> {
    return this.stream(request, options).result;
  }

  stream(request: GenerateRequest, options: InferenceCallOptions = {}): GenerationStream {
    return createGenerationStream({ signal: options.signal, open: () => this.#events(request, options) });
  }

  async countTokens(request: GenerateRequest, options?: InferenceCallOptions): Promise<number> {
    await fakeTurn(() => this.#closed, options);
    const count = this.#options.countTokens;
    if (count === undefined) throw unsupported("countsTokens");
    return count(request);
  }

  async health(options?: InferenceCallOptions): Promise<Health> {
    await fakeTurn(() => this.#closed, options);
    return this.#options.health ?? { status: "ok", latencyMs: 0, detail: "a fake" };
  }

  close(): Promise<void> {
    this.#closed = true;
    return Promise.resolve();
  }

  /** The same as `close()`. */
  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  async *#events(request: GenerateRequest, options: InferenceCallOptions): AsyncGenerator<GenerationEvent> {
    await fakeTurn(() => this.#closed, options);
    this.#check(request);
    const scripted = await this.#reply(request);
    const reply = typeof scripted === "string" ? { text: scripted } : scripted;
    const words = reply.text.match(/\s*\S+\s*|\s+/gu) ?? [];
    const kept = words.slice(0, request.maxTokens);
    yield { type: "start", model: request.model ?? this.#capabilities().model };
    if (reply.reasoning !== undefined) yield { type: "reasoning", text: reply.reasoning };
    for (const text of kept) {
      await fakeTurn(() => this.#closed, options);
      // The fake reports every word as certain.
      const certain = { token: text, logprob: 0, top: [] };
      yield { type: "text", text, ...(request.logprobs === undefined ? {} : { logprobs: [certain] }) };
    }
    const { toolCalls = [], error, cut } = reply;
    for (const [index, { id, name, arguments: text }] of toolCalls.entries())
      for (const argumentsDelta of ["", text]) yield { type: "tool-call", index, id, name, argumentsDelta };
    if (error !== undefined) throw error;
    if (cut === true) return;
    if (reply.usage !== undefined) yield { type: "usage", usage: reply.usage };
    const ended = toolCalls.length > 0 ? "tool-calls" : "stop";
    yield { type: "finish", reason: reply.finishReason ?? (kept.length < words.length ? "length" : ended) };
  }

  #capabilities(): ModelCapabilities {
    const countsTokens = this.#options.countTokens !== undefined;
    return { model: "fake", vision: false, jsonSchema: false, countsTokens, ...this.#options.capabilities };
  }

  #check(request: GenerateRequest): void {
    if (request.messages.length === 0)
      throw new ConfigurationError("`messages` is empty. Give at least one message.");
    const capability = missingCapability(request, this.#capabilities());
    if (capability !== undefined) throw unsupported(capability);
  }

  async #reply(request: GenerateRequest): Promise<FakeReply> {
    const { replies } = this.#options;
    this.requests.push(request);
    if (typeof replies === "function") return replies(request);
    return replies[this.requests.length - 1] ?? replies.at(-1) ?? "";
  }
}

function unsupported(capability: string): UnsupportedError {
  return new UnsupportedError(`This fake lacks the capability "${capability}". Set it in \`capabilities\`.`, {
    capability,
  });
}
