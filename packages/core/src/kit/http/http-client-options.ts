import type { Dispatcher } from "undici";
import { z } from "zod";
import { parseOptions } from "../parsing/parse-options.ts";
import { longestDelayMs } from "../time/timer.ts";
import { blockedPortIssue } from "./blocked-ports.ts";
import type { HttpFetch } from "./http-fetch.ts";
import { once } from "../once.ts";
import { tlsSchema, type TlsOptions } from "./tls-options.ts";

/** Options of `createHttpClient`. */
export interface HttpClientOptions {
  /** An `http:` or `https:` URL. Its path precedes the path of every request. User and password become basic
   * authentication. */
  readonly baseUrl: string;
  /** Headers of every request. @default none */
  readonly headers?: Readonly<Record<string, string>> | undefined;
  /** A `fetch` for tests, or the app's own. @default undici's fetch, loaded on first use */
  readonly fetch?: HttpFetch | undefined;
  /** The app's own undici Agent, for example for a proxy. The client never closes it. @default an Agent of
   * the client */
  readonly dispatcher?: Dispatcher | undefined;
  /** Certificates for an https server. Not together with `fetch` or `dispatcher`. @default Node's own
   * authorities */
  readonly tls?: TlsOptions | undefined;
  /**
   * True: offers HTTP/2, so that requests share one connection up to the server's limit. Servers without
   * HTTP/2 or without TLS get HTTP/1.1. Not together with `fetch` or `dispatcher`. @default false
   */
  readonly http2?: boolean | undefined;
  /** Longest time for opening a connection, in milliseconds. Only for the client's own Agent. @default
   * 10_000 */
  readonly connectTimeoutMs?: number | undefined;
  /** Longest time from sending to the response's headers, in milliseconds. @default 60_000 */
  readonly headersTimeoutMs?: number | undefined;
  /** Longest time from the headers to the end of the body, in milliseconds. Not for streams. @default
   * 60_000 */
  readonly bodyTimeoutMs?: number | undefined;
  /** Most bytes of one body after decompression. Not for streams. @default 64 MiB */
  readonly maxResponseBytes?: number | undefined;
}

/** {@link HttpClientOptions} with their defaults. */
export interface HttpClientSettings {
  readonly baseUrl: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly fetch?: HttpFetch | undefined;
  readonly dispatcher?: Dispatcher | undefined;
  readonly tls?: TlsOptions | undefined;
  readonly http2?: boolean | undefined;
  readonly connectTimeoutMs: number;
  readonly headersTimeoutMs: number;
  readonly bodyTimeoutMs: number;
  readonly maxResponseBytes: number;
}

// A longer timer of undici would fire immediately. A value over 24 days is a mistake in the unit.
const milliseconds = once(() => z.int().positive().max(longestDelayMs));
const isFunction = (value: unknown): boolean => typeof value === "function";

const schema = once(() =>
  z
    .strictObject({
      baseUrl: z.url({ protocol: /^https?$/, error: "must be an http or https URL" }),
      headers: z.record(z.string(), z.string()).default({}),
      fetch: z.custom<HttpFetch>(isFunction, "must be a function").optional(),
      dispatcher: z.custom<Dispatcher>((value) => typeof value === "object" && value !== null).optional(),
      tls: tlsSchema().optional(),
      http2: z.boolean().optional(),
      connectTimeoutMs: milliseconds().default(10_000),
      headersTimeoutMs: milliseconds().default(60_000),
      bodyTimeoutMs: milliseconds().default(60_000),
      maxResponseBytes: z
        .int()
        .positive()
        .default(64 * 2 ** 20),
    })
    .superRefine(({ baseUrl, fetch, dispatcher, tls, http2 }, context) => {
      const report = (path: string, message: string | undefined): void => {
        if (message !== undefined) context.addIssue({ code: "custom", path: [path], message });
      };
      if (fetch === undefined) report("baseUrl", blockedPortIssue(baseUrl));
      const other = fetch === undefined ? dispatcher && "dispatcher" : "fetch";
      const ignored = other && `has no effect together with ${other}, which opens its own connections`;
      if (tls !== undefined)
        report("tls", ignored ?? (baseUrl.startsWith("https:") ? undefined : "needs an https URL"));
      if (http2 !== undefined) report("http2", ignored);
    }),
);

/** Checks the options and adds defaults. Throws a `ConfigurationError`. */
export function parseHttpClientOptions(options: HttpClientOptions): HttpClientSettings {
  return parseOptions("createHttpClient", schema(), options);
}
