import type { Dispatcher } from "undici";
import { z } from "zod";
import { BinnacleError } from "../../errors/binnacle-error.ts";
import { InvalidResponseError } from "../../errors/invalid-response-error.ts";
import type { CallOptions, Closable } from "../../spec/call-options.ts";
import { parseOptions } from "../parsing/parse-options.ts";
import { longestDelayMs } from "../time/timer.ts";
import { blockedPortIssue } from "./blocked-ports.ts";
import { closedError, Exchange } from "./exchange.ts";
import type { HttpFetch, HttpFetchResponse, HttpHeaders } from "./http-fetch.ts";
import { prepareRequest, requestBase, type HttpRequest } from "./http-request.ts";
import { parseJson, readBody } from "./response-body.ts";
import { streamBody } from "./stream-body.ts";
import { createUndiciTransport, transportOf } from "./undici-transport.ts";

/** Options of {@link createHttpClient}. */
export interface HttpClientOptions {
  /** `http:` or `https:`; its path is put before every request's. A user and password in it become basic authentication. */
  readonly baseUrl: string;
  /** Sent with every request. @default none */
  readonly headers?: Readonly<Record<string, string>> | undefined;
  /** For tests, or an app's own client. @default undici's fetch, loaded on first use */
  readonly fetch?: HttpFetch | undefined;
  /** An undici Agent of the app's own, for TLS or a proxy; never closed here. @default one owned by the client */
  readonly dispatcher?: Dispatcher | undefined;
  /** Most milliseconds until a connection stands; only for the client's own Agent. @default 10_000 */
  readonly connectTimeoutMs?: number | undefined;
  /** Most milliseconds from sending to the answer's headers. @default 60_000 */
  readonly headersTimeoutMs?: number | undefined;
  /** Most milliseconds from the headers to the end of the body; streams have no such limit. @default 60_000 */
  readonly bodyTimeoutMs?: number | undefined;
  /** Most bytes of one body after decompression; streams have no such limit. @default 64 MiB */
  readonly maxResponseBytes?: number | undefined;
}

/** Options of one request; the limits are stronger than the client's. */
export interface HttpCallOptions extends CallOptions {
  readonly headersTimeoutMs?: number | undefined;
  readonly bodyTimeoutMs?: number | undefined;
  readonly maxResponseBytes?: number | undefined;
}

/** An answer with its whole body. */
export interface HttpReply {
  readonly status: number;
  readonly headers: HttpHeaders;
  readonly body: Uint8Array;
}

/** An answer whose body comes in pieces. */
export interface HttpStream {
  readonly status: number;
  readonly headers: HttpHeaders;
  /** Can be iterated once. Throws where it is cut; leaving the loop closes the socket. */
  readonly body: AsyncIterable<Uint8Array>;
  /** Closes the socket where nobody reads the body; needed only then. */
  discard(): Promise<void>;
}

/**
 * HTTP to one server. Any status but 2xx rejects with a `RequestError` of code `http_` + status, redirects too. A request
 * that meets a kept-alive connection the server has just closed is sent once more: GET, HEAD, PUT and DELETE whenever the
 * connection broke before an answer, others only within 100 ms of sending. No error holds a credential.
 */
export interface HttpClient extends Closable {
  /** The body as JSON, checked by `parse`; what `parse` throws becomes an `InvalidResponseError`. */
  json<T>(request: HttpRequest, parse: (value: unknown) => T, options?: HttpCallOptions): Promise<T>;
  /** The body as it came. */
  bytes(request: HttpRequest, options?: HttpCallOptions): Promise<HttpReply>;
  /** Resolves at the headers; signal and deadline go on to hold for the body. */
  stream(request: HttpRequest, options?: HttpCallOptions): Promise<HttpStream>;
}

// A longer timer of undici's would fire at once, and 24 days are another unit by mistake.
const milliseconds = z.int().positive().max(longestDelayMs);
const isFunction = (value: unknown): boolean => typeof value === "function";

const schema = z
  .strictObject({
    baseUrl: z.url({ protocol: /^https?$/, error: "must be an http or https URL" }),
    headers: z.record(z.string(), z.string()).default({}),
    fetch: z.custom<HttpFetch>(isFunction, "must be a function").optional(),
    dispatcher: z.custom<Dispatcher>((value) => typeof value === "object" && value !== null).optional(),
    connectTimeoutMs: milliseconds.default(10_000),
    headersTimeoutMs: milliseconds.default(60_000),
    bodyTimeoutMs: milliseconds.default(60_000),
    maxResponseBytes: z
      .int()
      .positive()
      .default(64 * 2 ** 20),
  })
  .superRefine(({ baseUrl, fetch }, context) => {
    const message = fetch === undefined ? blockedPortIssue(baseUrl) : undefined;
    if (message !== undefined) context.addIssue({ code: "custom", path: ["baseUrl"], message });
  });

/** Makes a client; opens no connection yet. Throws `ConfigurationError`. */
export function createHttpClient(options: HttpClientOptions): HttpClient {
  const settings = parseOptions("createHttpClient", schema, options);
  const base = requestBase(settings.baseUrl, settings.headers);
  const transport =
    settings.fetch === undefined ? createUndiciTransport(settings) : transportOf(settings.fetch);
  let closed = false;

  const open = (request: HttpRequest, callOptions: HttpCallOptions): Exchange => {
    if (closed) throw closedError();
    return new Exchange(transport, prepareRequest(base, request, callOptions), callOptions, () => closed);
  };

  /** Runs one exchange to its end. */
  const complete = async <T>(
    request: HttpRequest,
    limits: HttpCallOptions,
    read: (response: HttpFetchResponse, body: Uint8Array, exchange: Exchange) => T,
  ): Promise<T> => {
    const exchange = open(request, limits);
    try {
      const response = await exchange.respond(limits.headersTimeoutMs ?? settings.headersTimeoutMs);
      exchange.deadline.enter("body", limits.bodyTimeoutMs ?? settings.bodyTimeoutMs);
      const maxBytes = limits.maxResponseBytes ?? settings.maxResponseBytes;
      return read(response, await readBody(exchange.request, response, maxBytes), exchange);
    } catch (error) {
      throw exchange.failure(error);
    } finally {
      exchange.deadline[Symbol.dispose]();
    }
  };

  const close = async (): Promise<void> => {
    closed = true;
    await transport.close();
  };

  return {
    json: (request, parse, callOptions = {}) =>
      complete(request, callOptions, (_response, body, exchange) =>
        parsed(parseJson(exchange.request, body), parse, exchange),
      ),
    bytes: (request, callOptions = {}) =>
      complete(request, callOptions, ({ status, headers }, body) => ({ status, headers, body })),
    async stream(request, callOptions = {}) {
      const exchange = open(request, callOptions);
      try {
        const response = await exchange.respond(callOptions.headersTimeoutMs ?? settings.headersTimeoutMs);
        exchange.deadline.enter("body");
        const { status, headers } = response;
        return { status, headers, ...streamBody(response, exchange) };
      } catch (error) {
        exchange.deadline[Symbol.dispose]();
        throw exchange.failure(error);
      }
    },
    close,
    [Symbol.asyncDispose]: close,
  };
}

function parsed<T>(value: unknown, parse: (value: unknown) => T, { request }: Exchange): T {
  try {
    return parse(value);
  } catch (cause) {
    if (BinnacleError.isInstance(cause)) throw cause;
    const message = `${request.method} ${request.safeUrl}: the answer is not as expected: ${String(cause)}`;
    throw new InvalidResponseError(message, { cause });
  }
}
