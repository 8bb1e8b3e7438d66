import { BinnacleError } from "../../errors/binnacle-error.ts";
import { InvalidResponseError } from "../../errors/invalid-response-error.ts";
import type { CallOptions, Closable } from "../../spec/call-options.ts";
import { closedError, Exchange } from "./exchange.ts";
import {
  parseHttpClientOptions,
  type HttpClientOptions,
  type HttpClientSettings,
} from "./http-client-options.ts";
import type { HttpFetchResponse, HttpHeaders } from "./http-fetch.ts";
import { prepareRequest, requestBase, type HttpRequest, type RequestBase } from "./http-request.ts";
import { parseJson, readBody } from "./response-body.ts";
import { streamBody } from "./stream-body.ts";
import { createUndiciTransport, transportOf, type Transport } from "./undici-transport.ts";

/** Options of one request. Its limits override those of the client. */
export interface HttpCallOptions extends CallOptions {
  readonly headersTimeoutMs?: number | undefined;
  readonly bodyTimeoutMs?: number | undefined;
  readonly maxResponseBytes?: number | undefined;
}

/** A response with its whole body. */
export interface HttpReply {
  readonly status: number;
  readonly headers: HttpHeaders;
  readonly body: Uint8Array;
}

/** A response whose body arrives in pieces. */
export interface HttpStream {
  readonly status: number;
  readonly headers: HttpHeaders;
  /** The pieces of the body, which can be iterated once. Throws if the body breaks. Leaving the loop closes
   * the socket. */
  readonly body: AsyncIterable<Uint8Array>;
  /** Closes the socket. Needed only if no loop reads the body. */
  discard(): Promise<void>;
}

/**
 * Sends HTTP requests to one server. Any status other than 2xx, even a redirect, rejects with a
 * `RequestError` of code `http_` + status. No error holds a credential.
 *
 * The client sends a request once more if the server closed the kept-alive connection before the response:
 *
 * - GET, HEAD, PUT and DELETE in any case,
 * - other methods if the connection broke within 100 ms of sending, and only over HTTP/1.1,
 * - every method if an HTTP/2 server says that it did not process the request.
 */
export interface HttpClient extends Closable {
  /** Returns the result of `parse` for the JSON body. A `BinnacleError` of `parse` is thrown as it is, any
   * other error becomes an `InvalidResponseError`. */
  json<T>(request: HttpRequest, parse: (value: unknown) => T, options?: HttpCallOptions): Promise<T>;
  /** Returns the whole body as bytes. */
  bytes(request: HttpRequest, options?: HttpCallOptions): Promise<HttpReply>;
  /** Resolves after the headers. Signal and deadline also apply to the body. */
  stream(request: HttpRequest, options?: HttpCallOptions): Promise<HttpStream>;
}

/** Creates a client without opening a connection. Throws a `ConfigurationError` for invalid options. */
export function createHttpClient(options: HttpClientOptions): HttpClient {
  return new ServerClient(parseHttpClientOptions(options));
}

class ServerClient implements HttpClient {
  readonly #settings: HttpClientSettings;
  readonly #base: RequestBase;
  readonly #transport: Transport;
  readonly #running = new Set<Exchange>();
  #isClosed = false;

  constructor(settings: HttpClientSettings) {
    this.#settings = settings;
    this.#base = requestBase(settings.baseUrl, settings.headers);
    this.#transport =
      settings.fetch === undefined ? createUndiciTransport(settings) : transportOf(settings.fetch);
  }

  json<T>(request: HttpRequest, parse: (value: unknown) => T, options: HttpCallOptions = {}): Promise<T> {
    return this.#complete(request, options, (_response, body, exchange) =>
      parsed(parseJson(exchange.request, body), parse, exchange),
    );
  }

  bytes(request: HttpRequest, options: HttpCallOptions = {}): Promise<HttpReply> {
    return this.#complete(request, options, ({ status, headers }, body) => ({ status, headers, body }));
  }

  async stream(request: HttpRequest, options: HttpCallOptions = {}): Promise<HttpStream> {
    const exchange = this.#open(request, options);
    try {
      const response = await exchange.respond(options.headersTimeoutMs ?? this.#settings.headersTimeoutMs);
      exchange.deadline.enter("body");
      const { status, headers } = response;
      return { status, headers, ...streamBody(response, exchange) };
    } catch (error) {
      exchange.end();
      throw exchange.failure(error);
    }
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    for (const exchange of this.#running) exchange.deadline.abort(closedError());
    await this.#transport.close();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  #open(request: HttpRequest, options: HttpCallOptions): Exchange {
    if (this.#isClosed) throw closedError();
    const prepared = prepareRequest(this.#base, request, options);
    return new Exchange(this.#transport, prepared, options, this.#running);
  }

  /** Runs one exchange with its whole body. */
  async #complete<T>(
    request: HttpRequest,
    limits: HttpCallOptions,
    read: (response: HttpFetchResponse, body: Uint8Array, exchange: Exchange) => T,
  ): Promise<T> {
    const exchange = this.#open(request, limits);
    const { headersTimeoutMs, bodyTimeoutMs, maxResponseBytes } = this.#settings;
    try {
      const response = await exchange.respond(limits.headersTimeoutMs ?? headersTimeoutMs);
      exchange.deadline.enter("body", limits.bodyTimeoutMs ?? bodyTimeoutMs);
      const maxBytes = limits.maxResponseBytes ?? maxResponseBytes;
      return read(response, await readBody(exchange.request, response, maxBytes), exchange);
    } catch (error) {
      throw exchange.failure(error);
    } finally {
      exchange.end();
    }
  }
}

function parsed<T>(value: unknown, parse: (value: unknown) => T, { request }: Exchange): T {
  try {
    return parse(value);
  } catch (cause) {
    if (BinnacleError.isInstance(cause)) throw cause;
    const message = `${request.method} ${request.safeUrl}: unexpected response: ${String(cause)}`;
    throw new InvalidResponseError(message, { cause });
  }
}
