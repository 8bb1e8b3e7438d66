import { blockedPortIssue, parseOptions, type HttpFetch } from "@binnacle/core/kit";
import { z } from "zod";
import {
  embeddingFields,
  type EmbeddingOptions,
  type EmbeddingSettings,
} from "../../embedding/embedding-options.ts";
import { serverHeaders } from "../../server/server-headers.ts";
import {
  streamTimeoutFields,
  type StreamTimeouts,
  type StreamTimeoutSettings,
} from "../../generation/stream-timeouts.ts";

/** Where a llama-server is and how to speak to it. */
export interface LlamaCppServerOptions {
  /** `http://127.0.0.1:8080`, without `/v1`. llama-server has had two default ports, so there is none here. */
  readonly url: string;
  /** Which model, where the server is a router of several; a server of one needs no name. @default the server's */
  readonly model?: string | undefined;
  /** The key of the server's `--api-key`. @default none */
  readonly apiKey?: string | undefined;
  /** Sent with every request, for a proxy before the server. @default none */
  readonly headers?: Readonly<Record<string, string>> | undefined;
  /** Most milliseconds until a connection stands; a `fetch` of the app's has its own limit. @default 10_000 */
  readonly connectTimeoutMs?: number | undefined;
  /** Tries in all where the server is loading, overloaded or not there; a stream that has begun is not tried again. @default 3 */
  readonly maxAttempts?: number | undefined;
  /** An app's own `fetch`. @default the kit's, with connections of its own */
  readonly fetch?: HttpFetch | undefined;
}

/** Options of `LlamaCppBackend`. */
export interface LlamaCppBackendOptions extends LlamaCppServerOptions, StreamTimeouts {}

/** Options of `LlamaCppEmbedder`. */
export interface LlamaCppEmbedderOptions extends LlamaCppServerOptions, EmbeddingOptions {}

/** {@link LlamaCppServerOptions} with the defaults filled in. */
export interface LlamaCppServerSettings extends LlamaCppServerOptions {
  readonly headers: Readonly<Record<string, string>>;
  readonly connectTimeoutMs: number;
  readonly maxAttempts: number;
}

/** {@link LlamaCppBackendOptions} with the defaults filled in. */
export interface LlamaCppBackendSettings extends LlamaCppServerSettings, StreamTimeoutSettings {}

/** {@link LlamaCppEmbedderOptions} with the defaults filled in. */
export interface LlamaCppEmbedderSettings extends LlamaCppServerSettings, EmbeddingSettings {}

const serverFields = {
  url: z.url({ protocol: /^https?$/, error: "must be an http or https URL" }),
  model: z.string().min(1).optional(),
  apiKey: z.string().trim().min(1).optional(),
  headers: serverHeaders().default({}),
  connectTimeoutMs: z.int().positive().default(10_000),
  maxAttempts: z.int().positive().default(3),
  fetch: z.custom<HttpFetch>((value) => typeof value === "function", "must be a function").optional(),
};
const backendSchema = z.strictObject({ ...serverFields, ...streamTimeoutFields() }).superRefine(checkUrl);
const embedderSchema = z.strictObject({ ...serverFields, ...embeddingFields() }).superRefine(checkUrl);

/** Checks the options of a `LlamaCppBackend`; throws `ConfigurationError`. */
export function parseBackendOptions(options: LlamaCppBackendOptions): LlamaCppBackendSettings {
  return parseOptions("LlamaCppBackend", backendSchema, options);
}

/** Checks the options of a `LlamaCppEmbedder`; throws `ConfigurationError`. */
export function parseEmbedderOptions(options: LlamaCppEmbedderOptions): LlamaCppEmbedderSettings {
  return parseOptions("LlamaCppEmbedder", embedderSchema, options);
}

function checkUrl({ url, fetch }: LlamaCppServerOptions, context: z.RefinementCtx): void {
  const issue = (message: string): void => context.addIssue({ code: "custom", path: ["url"], message });
  const blocked = fetch === undefined ? blockedPortIssue(url) : undefined;
  if (blocked !== undefined) issue(blocked);
  // One that is none has its own issue, and is looked at here all the same.
  if (URL.canParse(url) && /\/v1\/*$/.test(new URL(url).pathname))
    issue("must not end with /v1; leave it out, the driver adds it where it belongs");
}
