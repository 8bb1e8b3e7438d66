import { BinnacleError, type InferenceError } from "@binnacle/core";
import { abortable, createDeadline, createFetch, redact, secretsIn, type OwnFetch } from "@binnacle/core/kit";
import { failureError, type FailureContext } from "../../failures/failure-error.ts";
import type { ServerFailure } from "../../failures/server-failure.ts";
import { attempted } from "../../server/attempted.ts";
import { closedError } from "../../server/called.ts";
import {
  callHeaders,
  type ModelCallOptions,
  type ModelRequest,
  type ModelServer,
  type StreamedAnswer,
} from "../../server/model-server.ts";
import { parseAddress, type ServerAddress } from "../../server/server-address.ts";
import { createClient } from "./client/create-client.ts";
import { secretsOfClient, type OpenAIClient, type OpenAIResponse } from "./client/openai-client.ts";
import { packageError } from "./client/package-error.ts";
import { piecesOf, readJson } from "./client/response-pieces.ts";
import { openAIFailures } from "./openai-failures.ts";
import type { OpenAIServerSettings } from "./openai-options.ts";

const openAIBaseUrl = "https://api.openai.com/v1";
// Only our deadlines end a request. The package's own timeout cannot be longer than this.
const neverMs = 2 ** 31 - 1;

/**
 * Creates the server on the `openai` package. The first request loads the package, unless you passed in a
 * client.
 */
export function createOpenAIServer(component: string, settings: OpenAIServerSettings): ModelServer {
  return new OpenAIServer(component, settings);
}

class OpenAIServer implements ModelServer {
  readonly label: string;
  readonly address: string;
  readonly maxAttempts: number;
  readonly #component: string;
  readonly #settings: OpenAIServerSettings;
  readonly #parsed: ServerAddress;
  readonly #own: OwnFetch | undefined;
  #client: Promise<OpenAIClient> | undefined;
  #closed = false;

  constructor(component: string, settings: OpenAIServerSettings) {
    const { client, fetch, connectTimeoutMs, baseUrl = openAIBaseUrl } = settings;
    this.#component = component;
    this.#settings = settings;
    this.#parsed = parseAddress(component, client?.baseURL ?? baseUrl);
    this.#own = client === undefined && fetch === undefined ? createFetch({ connectTimeoutMs }) : undefined;
    this.address = this.#parsed.url;
    this.label = `${component} ${this.address}`;
    this.maxAttempts = settings.maxAttempts;
  }

  json<T>(request: ModelRequest, parse: (body: unknown) => T, options: ModelCallOptions): Promise<T> {
    return attempted(this, options, async () => {
      const deadline = createDeadline({
        label: this.label,
        signal: options.signal,
        deadlineAt: options.deadlineAt,
      });
      const { signal } = deadline;
      const sentAt = performance.now();
      try {
        deadline.enter("answer", options.timeoutMs);
        const response = await this.#respond(request, options, signal);
        return parse(await abortable(readJson(response, request, this, signal), signal));
      } catch (error) {
        throw signal.aborted ? signal.reason : this.#inWords(error, request, sentAt, false);
      } finally {
        deadline[Symbol.dispose]();
      }
    });
  }

  async stream(request: ModelRequest, options: ModelCallOptions): Promise<StreamedAnswer> {
    const { signal } = options;
    const sentAt = performance.now();
    try {
      const response = await this.#respond(request, options, signal);
      const contentType = response.headers?.get("content-type") ?? null;
      return { contentType, body: this.#translated(piecesOf(response, signal), request, signal) };
    } catch (error) {
      signal?.throwIfAborted();
      throw this.#inWords(error, request, sentAt, false);
    }
  }

  toError(failure: ServerFailure): InferenceError {
    const clean = { ...failure, message: this.redact(failure.message) };
    return failureError(clean, this.#context());
  }

  redact(text: string): string {
    const { client, apiKey = "", headers = {} } = this.#settings;
    const ofClient = client === undefined ? [] : secretsOfClient(client);
    return redact(text, [...this.#parsed.secrets, apiKey, ...secretsIn(headers), ...ofClient]);
  }

  /** Closes the driver's own connections. A client or `fetch` that you passed in stays open. */
  async close(): Promise<void> {
    this.#closed = true;
    await this.#own?.close();
  }

  async #respond(
    { method = "GET", path, json }: ModelRequest,
    options: ModelCallOptions,
    signal: AbortSignal | undefined,
  ): Promise<OpenAIResponse> {
    const { traceparent } = options;
    const headers = { ...callHeaders(options), ...(traceparent === undefined ? {} : { traceparent }) };
    const asked = { body: json, headers, signal: signal ?? null, maxRetries: 0, timeout: neverMs };
    this.#client ??= this.#makeClient();
    const client = await this.#client;
    const pending = method === "GET" ? client.get(path, asked) : client.post(path, asked);
    return abortable(pending.asResponse(), signal);
  }

  async #makeClient(): Promise<OpenAIClient> {
    const { client, apiKey, headers, fetch } = this.#settings;
    if (client !== undefined) return client;
    const [component, address, own] = [this.#component, this.#parsed, this.#own];
    return createClient({ component, address, apiKey, headers, fetch, own });
  }

  async *#translated(
    body: AsyncIterable<Uint8Array>,
    request: ModelRequest,
    signal: AbortSignal | undefined,
  ): AsyncGenerator<Uint8Array, void, undefined> {
    try {
      yield* body;
    } catch (error) {
      signal?.throwIfAborted();
      throw this.#inWords(error, request, performance.now(), true);
    }
  }

  #inWords(error: unknown, request: ModelRequest, sentAt: number, begun: boolean): unknown {
    if (this.#closed && !BinnacleError.isInstance(error)) return closedError(this);
    const waitedMs = Math.round(performance.now() - sentAt);
    const clean = (text: string): string => this.redact(text);
    return packageError(error, { ...this.#context(), clean, request, waitedMs, begun });
  }

  #context(): FailureContext {
    return { label: this.label, address: this.address, table: openAIFailures };
  }
}
