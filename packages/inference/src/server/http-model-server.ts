import { InferenceError } from "@binnacle/core";
import {
  createHttpClient,
  redact,
  secretsIn,
  type HttpCallOptions,
  type HttpClient,
  type HttpFetch,
  type HttpRequest,
} from "@binnacle/core/kit";
import { failureError, httpError, type FailureContext } from "../failures/failure-error.ts";
import type { FailureTable } from "../failures/failure-table.ts";
import type { ServerFailure } from "../failures/server-failure.ts";
import { attempted } from "./attempted.ts";
import {
  callHeaders,
  type BinaryAnswer,
  type BinaryModelServer,
  type ModelCallOptions,
  type ModelRequest,
  type StreamedAnswer,
} from "./model-server.ts";
import { parseAddress } from "./server-address.ts";

/** Options of {@link createHttpModelServer}. */
export interface HttpModelServerOptions {
  /** Name of the driver, such as `LlamaCppBackend`, for messages. */
  readonly component: string;
  readonly url: string;
  readonly apiKey?: string | undefined;
  readonly headers: Readonly<Record<string, string>>;
  readonly connectTimeoutMs: number;
  readonly maxAttempts: number;
  readonly fetch?: HttpFetch | undefined;
  readonly table: FailureTable;
  /** Called when the connection is lost, because the server may have changed when it answers again. */
  readonly onLost: () => void;
}

/** Creates a model server on the kit's HTTP client. Opens no connection yet. */
export function createHttpModelServer(options: HttpModelServerOptions): BinaryModelServer {
  return new HttpModelServer(options);
}

class HttpModelServer implements BinaryModelServer {
  readonly label: string;
  readonly address: string;
  readonly maxAttempts: number;
  readonly #http: HttpClient;
  readonly #context: FailureContext;
  readonly #secrets: readonly string[];
  readonly #onLost: () => void;

  constructor({ component, url, apiKey, table, onLost, maxAttempts, ...wire }: HttpModelServerOptions) {
    const { url: address, secrets } = parseAddress(component, url);
    const bearer = apiKey === undefined ? {} : { authorization: `Bearer ${apiKey}` };
    const headers = { ...bearer, ...wire.headers };
    const { connectTimeoutMs, fetch } = wire;
    this.label = `${component} ${address}`;
    this.address = address;
    this.maxAttempts = maxAttempts;
    this.#http = createHttpClient({ baseUrl: url, headers, connectTimeoutMs, fetch });
    this.#context = { label: this.label, address, table };
    this.#secrets = [...secretsIn(headers), ...secrets];
    this.#onLost = onLost;
  }

  json<T>(request: ModelRequest, parse: (body: unknown) => T, options: ModelCallOptions): Promise<T> {
    return this.#whole(options, (call) => this.#http.json(withHeaders(request, options), parse, call));
  }

  bytes<T>(request: ModelRequest, parse: (answer: BinaryAnswer) => T, options: ModelCallOptions): Promise<T> {
    return this.#whole(options, async (call) => {
      const { headers, body } = await this.#http.bytes(withHeaders(request, options), call);
      return parse({ header: (name) => headers.get(name), body });
    });
  }

  async stream(request: ModelRequest, options: ModelCallOptions): Promise<StreamedAnswer> {
    const { timeoutMs, ...call } = options;
    try {
      // Headers may arrive at once or only with the first token, so only the generation's timers apply.
      const limits = { ...call, headersTimeoutMs: timeoutMs ?? Infinity };
      const answer = await this.#http.stream(withHeaders(request, options), limits);
      return { contentType: answer.headers.get("content-type"), body: this.#translated(answer.body) };
    } catch (error) {
      throw this.#inWords(error, false);
    }
  }

  toError(failure: ServerFailure): InferenceError {
    return failureError(failure, this.#context);
  }

  redact(text: string): string {
    return redact(text, this.#secrets);
  }

  close(): Promise<void> {
    return this.#http.close();
  }

  #whole<T>(options: ModelCallOptions, send: (call: HttpCallOptions) => Promise<T>): Promise<T> {
    const { timeoutMs, ...call } = options;
    return attempted(this, options, async () => {
      try {
        return await send({ ...call, headersTimeoutMs: timeoutMs });
      } catch (error) {
        throw this.#inWords(error, false);
      }
    });
  }

  async *#translated(body: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array, void, undefined> {
    try {
      yield* body;
    } catch (error) {
      throw this.#inWords(error, true);
    }
  }

  #inWords(thrown: unknown, begun: boolean): unknown {
    const error = httpError(thrown, this.#context, begun);
    if (InferenceError.isInstance(error) && isLost(error)) this.#onLost();
    return error;
  }
}

/** Returns true if the server may have changed when it answers again. */
export function isLost({ kind }: InferenceError): boolean {
  return ["unreachable", "interrupted", "loading", "engine-dead"].includes(kind);
}

function withHeaders(request: ModelRequest, options: ModelCallOptions): HttpRequest {
  return { ...request, headers: callHeaders(options) };
}
