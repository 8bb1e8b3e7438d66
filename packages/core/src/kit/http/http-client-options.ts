import type { Dispatcher } from "undici";
import { z } from "zod";
import { parseOptions } from "../parsing/parse-options.ts";
import { longestDelayMs } from "../time/timer.ts";
import { blockedPortIssue } from "./blocked-ports.ts";
import type { HttpFetch } from "./http-fetch.ts";
import { tlsSchema, type TlsOptions } from "./tls-options.ts";

/** Options of `createHttpClient`. */
export interface HttpClientOptions {
  /** `http:` or `https:`; its path is put before every request's. A user and password in it become basic authentication. */
  readonly baseUrl: string;
  /** Sent with every request. @default none */
  readonly headers?: Readonly<Record<string, string>> | undefined;
  /** For tests, or an app's own client. @default undici's fetch, loaded on first use */
  readonly fetch?: HttpFetch | undefined;
  /** An undici Agent of the app's own, for a proxy say; never closed here. @default one owned by the client */
  readonly dispatcher?: Dispatcher | undefined;
  /** Certificates for an https server; not together with `fetch` or `dispatcher`. @default Node's own authorities */
  readonly tls?: TlsOptions | undefined;
  /**
   * Offers HTTP/2, over which many requests share one connection, up to the server's limit. A server that does not
   * take it, and any server without TLS, gets HTTP/1.1. Not together with `fetch` or `dispatcher`. @default false
   */
  readonly http2?: boolean | undefined;
  /** Most milliseconds until a connection stands; only for the client's own Agent. @default 10_000 */
  readonly connectTimeoutMs?: number | undefined;
  /** Most milliseconds from sending to the answer's headers. @default 60_000 */
  readonly headersTimeoutMs?: number | undefined;
  /** Most milliseconds from the headers to the end of the body; streams have no such limit. @default 60_000 */
  readonly bodyTimeoutMs?: number | undefined;
  /** Most bytes of one body after decompression; streams have no such limit. @default 64 MiB */
  readonly maxResponseBytes?: number | undefined;
}

/** Options with their defaults. */
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

// A longer timer of undici's would fire at once, and 24 days are another unit by mistake.
const milliseconds = z.int().positive().max(longestDelayMs);
const isFunction = (value: unknown): boolean => typeof value === "function";

const schema = z
  .strictObject({
    baseUrl: z.url({ protocol: /^https?$/, error: "must be an http or https URL" }),
    headers: z.record(z.string(), z.string()).default({}),
    fetch: z.custom<HttpFetch>(isFunction, "must be a function").optional(),
    dispatcher: z.custom<Dispatcher>((value) => typeof value === "object" && value !== null).optional(),
    tls: tlsSchema.optional(),
    http2: z.boolean().optional(),
    connectTimeoutMs: milliseconds.default(10_000),
    headersTimeoutMs: milliseconds.default(60_000),
    bodyTimeoutMs: milliseconds.default(60_000),
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
    const ignored = other && `has no effect on ${other}, which makes its own connections`;
    if (tls !== undefined)
      report("tls", ignored ?? (baseUrl.startsWith("https:") ? undefined : "needs an https URL"));
    if (http2 !== undefined) report("http2", ignored);
  });

/** Checks the options and fills in defaults. Throws `ConfigurationError`. */
export function parseHttpClientOptions(options: HttpClientOptions): HttpClientSettings {
  return parseOptions("createHttpClient", schema, options);
}
