import type { Closable, InferenceCallOptions } from "@binnacle/core";
import { createDeadline } from "@binnacle/core/kit";
import { checkCallOptions } from "../../server/call-options.ts";
import { called, closedError } from "../../server/called.ts";
import { parseClientOptions, type TritonClientOptions } from "./triton-options.ts";
import { createTritonServer, type TritonServer } from "./triton-server.ts";
import type { InferRequest, InferResponse } from "./wire/infer-message.ts";
import type { ModelStatistics, RepositoryModel, ServerInfo, TritonModel } from "./wire/server-facts.ts";
import type { TritonTransport, WireCall } from "./wire/triton-transport.ts";

/** Options of calls about one model. */
export interface TritonModelCallOptions extends InferenceCallOptions {
  /** Version of the model. @default the server's choice */
  readonly version?: string | undefined;
}

/**
 * Calls a server of the KServe v2 protocol with tensors of your own, and manages its models. Every request is
 * checked against the model's metadata before it is sent.
 */
export class TritonClient implements Closable {
  readonly #server: TritonServer;
  readonly #timeoutMs: number;
  #closed = false;

  /** Opens no connection yet. Throws `ConfigurationError` if an option is invalid. */
  constructor(options: TritonClientOptions) {
    const settings = parseClientOptions(options);
    this.#timeoutMs = settings.requestTimeoutMs;
    this.#server = createTritonServer("TritonClient", settings, () => undefined);
  }

  /** Runs a model that sends one answer. Retries failures that may pass. */
  infer(request: InferRequest, options: InferenceCallOptions = {}): Promise<InferResponse> {
    this.#check(options);
    const timeoutMs = this.#timeoutMs;
    return called(this.#server, options, (deadline) =>
      this.#server.infer(request, { ...options, ...limits(deadline), timeoutMs }),
    );
  }

  /**
   * Runs a decoupled model, once, and yields its answers. The last answer has the parameter
   * `triton_final_response` and may have no outputs. Leaving the loop cancels the request at the server.
   */
  async *stream(
    request: InferRequest,
    options: InferenceCallOptions = {},
  ): AsyncGenerator<InferResponse, void, undefined> {
    this.#check(options);
    const { label } = this.#server;
    using deadline = createDeadline({ label, signal: options.signal, deadlineAt: options.deadlineAt });
    deadline.signal.throwIfAborted();
    deadline.enter("answer", this.#timeoutMs);
    for await (const response of this.#server.stream(request, { ...options, ...limits(deadline) })) {
      deadline.enter("reader"); // a slow reader is not silence of the server
      yield response;
      deadline.enter("answer", this.#timeoutMs);
    }
  }

  /** Returns the server's name, version and extensions. */
  serverInfo(options: InferenceCallOptions = {}): Promise<ServerInfo> {
    return this.#ask(options, (transport, wire) => transport.serverInfo(wire));
  }

  /** Returns true if the server, or the named model, accepts requests. */
  isReady(options: TritonModelCallOptions & { readonly model?: string | undefined } = {}): Promise<boolean> {
    const { model, version } = options;
    return this.#ask(options, (transport, wire) =>
      model === undefined ? transport.serverReady(wire) : transport.modelReady(model, version, wire),
    );
  }

  /** Returns the inputs, the outputs and the configuration of a model. */
  model(name: string, options: TritonModelCallOptions = {}): Promise<TritonModel> {
    this.#check(options);
    return called(this.#server, options, ({ signal }) => this.#server.model(name, options.version, signal));
  }

  /** Returns the counters of a model, one entry per version. */
  statistics(name: string, options: TritonModelCallOptions = {}): Promise<readonly ModelStatistics[]> {
    return this.#ask(options, (transport, wire) => transport.statistics(name, options.version, wire));
  }

  /** Returns all models of the server's repository. */
  repository(options: InferenceCallOptions = {}): Promise<readonly RepositoryModel[]> {
    return this.#ask(options, (transport, wire) => transport.index(wire));
  }

  /** Loads a model, or loads it again. The server must run with `--model-control-mode=explicit`. */
  async load(name: string, options: InferenceCallOptions = {}): Promise<void> {
    await this.#ask(options, (transport, wire) => transport.load(name, wire));
    this.#server.forget();
  }

  /** Unloads a model. The server accepts this before the model's running requests are done. */
  async unload(name: string, options: InferenceCallOptions = {}): Promise<void> {
    await this.#ask(options, (transport, wire) => transport.unload(name, wire));
    this.#server.forget();
  }

  async close(): Promise<void> {
    this.#closed = true;
    await this.#server.close();
  }

  /** The same as `close()`. */
  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  #ask<T>(
    options: InferenceCallOptions,
    call: (transport: TritonTransport, wire: WireCall) => Promise<T>,
  ): Promise<T> {
    this.#check(options);
    return called(this.#server, options, (deadline) =>
      this.#server.ask({ ...options, ...limits(deadline), timeoutMs: this.#timeoutMs }, call),
    );
  }

  #check(options: InferenceCallOptions): void {
    if (this.#closed) throw closedError(this.#server);
    checkCallOptions(this.#server.label, options);
  }
}

interface Limits {
  readonly signal: AbortSignal;
  readonly deadlineAt: number | undefined;
}

function limits({ signal, deadlineAt }: Limits): Limits {
  return { signal, deadlineAt };
}
