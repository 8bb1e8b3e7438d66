import { BinnacleError } from "../errors/binnacle-error.ts";
import { ConfigurationError } from "../errors/configuration-error.ts";
import { TimeoutError } from "../errors/timeout-error.ts";
import { UnsupportedError } from "../errors/unsupported-error.ts";
import { createGenerationStream } from "../kit/streams/generation-stream.ts";
import type { CallOptions } from "../spec/call-options.ts";
import type { Health } from "../spec/health.ts";
import type {
  FinishReason,
  GenerateRequest,
  Generation,
  GenerationEvent,
  GenerationStream,
  InferenceBackend,
  ModelCapabilities,
} from "../spec/inference-backend.ts";

/** What the fake answers: a text, or more about it. */
export type FakeReply =
  | string
  | {
      /** Streamed word by word; a word counts as a token. */
      readonly text: string;
      /** Streamed before the text. */
      readonly reasoning?: string | undefined;
      /** @default "stop", or "length" where the request's `maxTokens` cut the text */
      readonly finishReason?: FinishReason | undefined;
      /** Thrown after the text, in place of an end. */
      readonly error?: Error | undefined;
      /** End after the text without a finish, as a connection that is cut does. @default false */
      readonly cut?: boolean | undefined;
    };

/** Options of {@link FakeInferenceBackend}. */
export interface FakeInferenceBackendOptions {
  /** In the order of the requests, the last one again for every request after it; or a function of the request. */
  readonly replies:
    readonly [FakeReply, ...FakeReply[]] | ((request: GenerateRequest) => FakeReply | Promise<FakeReply>);
  /** What it says it can do, over a model named `fake` that does none of the optional things. */
  readonly capabilities?: Partial<ModelCapabilities> | undefined;
  /** Answers `countTokens`, which is supported where this is given. */
  readonly countTokens?: ((request: GenerateRequest) => number) | undefined;
  /** @default ok */
  readonly health?: Health | undefined;
}

/** A fake for tests, not a model: says what it was scripted to say, and remembers what it was asked. */
export class FakeInferenceBackend implements InferenceBackend {
  /** Every request answered or streamed so far, in order. */
  readonly requests: GenerateRequest[] = [];
  readonly #options: FakeInferenceBackendOptions;
  #closed = false;

  constructor(options: FakeInferenceBackendOptions) {
    this.#options = options;
  }

  async capabilities(options?: CallOptions): Promise<ModelCapabilities> {
    await this.#turn(options);
    return this.#capabilities();
  }

  /** Answers with the next reply. */
  async generate(request: GenerateRequest, options?: CallOptions): Promise<Generation> {
    return this.stream(request, options).result;
  }

  stream(request: GenerateRequest, options: CallOptions = {}): GenerationStream {
    return createGenerationStream({ signal: options.signal, open: () => this.#events(request, options) });
  }

  async countTokens(request: GenerateRequest, options?: CallOptions): Promise<number> {
    await this.#turn(options);
    const count = this.#options.countTokens;
    if (count === undefined) throw unsupported("countsTokens");
    return count(request);
  }

  async health(options?: CallOptions): Promise<Health> {
    await this.#turn(options);
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

  async *#events(request: GenerateRequest, options: CallOptions): AsyncGenerator<GenerationEvent> {
    await this.#turn(options);
    this.#check(request);
    const scripted = await this.#reply(request);
    const reply = typeof scripted === "string" ? { text: scripted } : scripted;
    const words = reply.text.match(/\s*\S+\s*|\s+/gu) ?? [];
    const kept = words.slice(0, request.maxTokens);
    yield { type: "start", model: this.#capabilities().model };
    if (reply.reasoning !== undefined) yield { type: "reasoning", text: reply.reasoning };
    for (const text of kept) {
      await this.#turn(options);
      yield { type: "text", text };
    }
    if (reply.error !== undefined) throw reply.error;
    if (reply.cut === true) return;
    const reason = reply.finishReason ?? (kept.length < words.length ? "length" : "stop");
    yield { type: "finish", reason };
  }

  #capabilities(): ModelCapabilities {
    const countsTokens = this.#options.countTokens !== undefined;
    return { model: "fake", vision: false, jsonSchema: false, countsTokens, ...this.#options.capabilities };
  }

  #check(request: GenerateRequest): void {
    const { vision, jsonSchema } = this.#capabilities();
    if (request.messages.length === 0) throw new ConfigurationError("a request needs at least one message");
    if (request.jsonSchema !== undefined && !jsonSchema) throw unsupported("jsonSchema");
    const parts = request.messages.flatMap(({ content }) => (typeof content === "string" ? [] : content));
    if (parts.some((part) => part.type === "image") && !vision) throw unsupported("vision");
  }

  async #reply(request: GenerateRequest): Promise<FakeReply> {
    const { replies } = this.#options;
    this.requests.push(request);
    if (typeof replies === "function") return replies(request);
    return replies[this.requests.length - 1] ?? replies.at(-1) ?? "";
  }

  /** Lets others run, as a real server would, and then gives up where the caller has. */
  async #turn(options: CallOptions = {}): Promise<void> {
    options.signal?.throwIfAborted();
    await new Promise((resolve) => setImmediate(resolve));
    options.signal?.throwIfAborted();
    if (this.#closed) throw new BinnacleError("closed", "this backend was closed");
    if (options.deadlineAt !== undefined && Date.now() >= options.deadlineAt)
      throw new TimeoutError("the deadline has passed", { afterMs: 0, phase: "total" });
  }
}

function unsupported(capability: string): UnsupportedError {
  return new UnsupportedError(`this fake was not given the capability ${capability}`, { capability });
}
