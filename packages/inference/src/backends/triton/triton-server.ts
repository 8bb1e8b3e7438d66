import { ConfigurationError, InferenceError, type InferenceCallOptions } from "@binnacle/core";
import { createDeadline, redact, secretsIn } from "@binnacle/core/kit";
import type { AttemptOptions } from "../../generation/timed-generation.ts";
import { attempted } from "../../server/attempted.ts";
import { isLost } from "../../server/http-model-server.ts";
import { callHeaders, type ModelCallOptions, type ServerIdentity } from "../../server/model-server.ts";
import { RememberedModels } from "../../server/remembered-models.ts";
import { parseAddress } from "../../server/server-address.ts";
import { checkInputs, checkSingleAnswer } from "./tensors/check-inputs.ts";
import { tritonFailures } from "./triton-failures.ts";
import type { TritonServerSettings } from "./triton-options.ts";
import { createGrpcTransport } from "./wire/grpc-transport.ts";
import { createHttpTransport } from "./wire/http-transport.ts";
import type { InferRequest, InferResponse, SentInferRequest } from "./wire/infer-message.ts";
import type { ModelConfig, TritonModel } from "./wire/server-facts.ts";
import type { TransportOptions, TritonTransport, WireCall } from "./wire/triton-transport.ts";

/** One server of the KServe v2 protocol, for the parts of this driver. */
export interface TritonServer extends ServerIdentity {
  /** Returns the facts about a model. The answer is remembered until the connection is lost. */
  model(name: string, version: string | undefined, signal: AbortSignal | undefined): Promise<TritonModel>;
  /** Checks a request and sends it. Retries failures that may pass. */
  infer(request: InferRequest, options: ModelCallOptions): Promise<InferResponse>;
  /** Checks a request and sends it once to a decoupled model. Leaving the loop cancels it at the server. */
  stream(request: InferRequest, options: AttemptOptions): AsyncIterable<InferResponse>;
  /** Runs another call of the transport. Retries failures that may pass. */
  ask<T>(
    options: ModelCallOptions,
    call: (transport: TritonTransport, wire: WireCall) => Promise<T>,
  ): Promise<T>;
  /** Forgets the facts about all models. */
  forget(): void;
  close(): Promise<void>;
}

/** Creates the connection to one server. Opens nothing yet. `onLost` runs when the connection is lost. */
export function createTritonServer(
  component: string,
  settings: TritonServerSettings,
  onLost: () => void,
): TritonServer {
  return new RemoteTriton(component, settings, onLost);
}

class RemoteTriton implements TritonServer {
  readonly label: string;
  readonly address: string;
  readonly maxAttempts: number;
  readonly #transport: TritonTransport;
  readonly #models: RememberedModels<TritonModel>;
  readonly #onLost: () => void;

  constructor(component: string, settings: TritonServerSettings, onLost: () => void) {
    const transport = transportOptions(component, settings);
    this.label = transport.label;
    this.address = transport.address;
    this.maxAttempts = settings.maxAttempts;
    this.#transport = settings.url.startsWith("grpc")
      ? createGrpcTransport(transport)
      : createHttpTransport(transport);
    this.#models = new RememberedModels((key, signal) => this.#askModel(key ?? "", { signal }));
    this.#onLost = onLost;
  }

  model(name: string, version: string | undefined, signal: AbortSignal | undefined): Promise<TritonModel> {
    return this.#models.get(version === undefined ? name : `${name}/${version}`, signal);
  }

  async infer(request: InferRequest, options: ModelCallOptions): Promise<InferResponse> {
    return this.ask(options, async (transport, wire) => {
      const model = await this.model(request.model, request.version, wire.signal);
      checkSingleAnswer(this.label, model);
      checkInputs(this.label, request, model);
      return transport.infer(this.#sent(request, options, wire), wire);
    });
  }

  async *stream(
    request: InferRequest,
    options: AttemptOptions,
  ): AsyncGenerator<InferResponse, void, undefined> {
    const wire = wireCall(options, options.signal, options.deadlineAt);
    try {
      checkInputs(this.label, request, await this.model(request.model, request.version, options.signal));
      const parameters = { ...request.parameters, triton_enable_empty_final_response: true };
      yield* this.#transport.stream(this.#sent({ ...request, parameters }, options, wire), wire);
    } catch (error) {
      throw this.#noted(error);
    }
  }

  ask<T>(
    { timeoutMs, ...options }: ModelCallOptions,
    call: (transport: TritonTransport, wire: WireCall) => Promise<T>,
  ): Promise<T> {
    return attempted(this, options, async () => {
      const { label } = this;
      const deadline = createDeadline({ label, signal: options.signal, deadlineAt: options.deadlineAt });
      deadline.enter("answer", timeoutMs);
      const ends = Math.min(deadline.deadlineAt ?? Infinity, Date.now() + (timeoutMs ?? Infinity));
      try {
        deadline.signal.throwIfAborted();
        return await call(
          this.#transport,
          wireCall(options, deadline.signal, ends === Infinity ? undefined : ends),
        );
      } catch (error) {
        throw this.#noted(error);
      } finally {
        deadline[Symbol.dispose]();
      }
    });
  }

  forget(): void {
    this.#models.forget();
  }

  close(): Promise<void> {
    return this.#transport.close();
  }

  async #askModel(key: string, options: InferenceCallOptions): Promise<TritonModel> {
    const [name = "", version] = key.split("/");
    return this.ask(options, async (transport, wire) => {
      const metadata = await transport.metadata(name, version, wire);
      return { ...metadata, config: await askConfig(() => transport.config(name, version, wire)) };
    });
  }

  /** Adds the id, and the time that the request may wait in the server's queue, in microseconds. */
  #sent(request: InferRequest, { requestId: id }: InferenceCallOptions, wire: WireCall): SentInferRequest {
    if (wire.deadlineAt === undefined) return { ...request, id };
    const timeout = Math.max(1, Math.ceil((wire.deadlineAt - Date.now()) * 1000));
    return { ...request, id, parameters: { timeout, ...request.parameters } };
  }

  #noted(error: unknown): unknown {
    if (InferenceError.isInstance(error) && isLost(error)) {
      this.forget();
      this.#onLost();
    }
    return error;
  }
}

/** Returns undefined if the server has no model configurations, which are Triton's own extension. */
async function askConfig(ask: () => Promise<ModelConfig>): Promise<ModelConfig | undefined> {
  try {
    return await ask();
  } catch (error) {
    if (InferenceError.isInstance(error) && ["unsupported", "not-found"].includes(error.kind))
      return undefined;
    throw error;
  }
}

function transportOptions(component: string, settings: TritonServerSettings): TransportOptions {
  const { url, apiKey, tls, connectTimeoutMs } = settings;
  if (tls !== undefined && !/^(grpcs|https):/.test(url))
    throw new ConfigurationError(`${component}: tls: needs a grpcs or https URL`);
  // URL gives an origin only to the schemes of the web.
  const { url: web, authorization, secrets } = parseAddress(component, url.replace(/^grpc/, "http"));
  const address = url.startsWith("grpc") ? web.replace(/^http/, "grpc") : web;
  const basic = authorization === undefined ? {} : { authorization };
  const own = apiKey === undefined ? basic : { authorization: `Bearer ${apiKey}` };
  const named = Object.entries(settings.headers).map(([name, value]) => [name.toLowerCase(), value] as const);
  const headers: Readonly<Record<string, string>> = { ...own, ...Object.fromEntries(named) };
  const hidden = [...secretsIn(headers), ...secrets];
  return {
    label: `${component} ${address}`,
    address,
    url,
    headers,
    tls,
    connectTimeoutMs,
    table: tritonFailures,
    clean: (text) => redact(text, hidden),
  };
}

function wireCall(
  options: InferenceCallOptions,
  signal: AbortSignal,
  deadlineAt: number | undefined,
): WireCall {
  const { traceparent } = options;
  const headers = { ...callHeaders(options), ...(traceparent === undefined ? {} : { traceparent }) };
  return { signal, deadlineAt, headers };
}
