import type { Grammar } from "@binnacle/core";
import { blockedPortIssue, parseOptions } from "@binnacle/core/kit";
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
import type { OpenAIClient } from "./client/openai-client.ts";

/** A server to connect to. */
export interface OpenAIServerOptions {
  /** The address of the API, its version included: `http://127.0.0.1:8000/v1`. A user and password in it become basic
   * authentication where there is no `apiKey`. @default OpenAI's own */
  readonly baseUrl?: string | undefined;
  /** Needed for OpenAI's own API; many others take none. @default none */
  readonly apiKey?: string | undefined;
  /** Sent with every request, for a proxy before the server; stronger than the key's. @default none */
  readonly headers?: Readonly<Record<string, string>> | undefined;
  /** Most milliseconds until a connection stands; a `fetch` of the app's has its own limit. @default 10_000 */
  readonly connectTimeoutMs?: number | undefined;
  /** An app's own `fetch`; Node's gives up after 300 s without headers or data. @default the kit's, with connections of its own */
  readonly fetch?: typeof globalThis.fetch | undefined;
  /** Not with an address. */
  readonly client?: undefined;
}

/** A client that the app has already. It is never closed here; its own retries and timeout are not used. */
export interface OpenAIClientOptions {
  readonly client: OpenAIClient;
  /** The client's. */
  readonly baseUrl?: undefined;
  /** The client's. */
  readonly apiKey?: undefined;
  /** The client's: `defaultHeaders`. */
  readonly headers?: undefined;
  /** The client's. */
  readonly connectTimeoutMs?: undefined;
  /** The client's. */
  readonly fetch?: undefined;
}

/** Which model to ask, and how persistently. */
export interface OpenAIModelOptions {
  /** As the server names it. */
  readonly model: string;
  /** Tries in all where the server is overloaded or not there; a stream that has begun is not tried again. @default 3 */
  readonly maxAttempts?: number | undefined;
}

/** What the model can do: the protocol has no way to ask. */
export interface OpenAIDeclaredCapabilities {
  /** Whether it sees images; where false a request with one is refused. @default false */
  readonly vision?: boolean | undefined;
  /** Whether the server holds it to a JSON Schema. @default true */
  readonly jsonSchema?: boolean | undefined;
  /** Tokens of prompt and answer together. @default unknown */
  readonly contextTokens?: number | undefined;
  /** Requests the server works on at the same time. @default unknown */
  readonly slots?: number | undefined;
  /** Whether it takes `tools`. Many servers drop them without a word if the model cannot. @default false */
  readonly tools?: boolean | undefined;
  /** Whether `toolChoice` may name a tool; llama-server ignores that. @default as `tools` */
  readonly namedToolChoice?: boolean | undefined;
  /** Which grammars it takes: llama-server `gbnf`, vLLM `ebnf`, `regex` and `choice`. @default none */
  readonly grammars?: readonly Grammar["syntax"][] | undefined;
  /** Whether it gives log-probabilities. @default false */
  readonly logprobs?: boolean | undefined;
  /** Whether it serves adapters as models, as vLLM does. @default false */
  readonly adapters?: boolean | undefined;
  /** The field for the reasoning of earlier turns; OpenAI's own API refuses both. @default none: it is not sent */
  readonly reasoningField?: "reasoning_content" | "reasoning" | undefined;
  /** The field for `maxTokens`: OpenAI wants the newer, some servers know only the older. @default "max_completion_tokens" */
  readonly maxTokensField?: "max_tokens" | "max_completion_tokens" | undefined;
}

/** Options of `OpenAIBackend`. */
export type OpenAIBackendOptions = (OpenAIServerOptions | OpenAIClientOptions) &
  OpenAIModelOptions &
  OpenAIDeclaredCapabilities &
  StreamTimeouts;

/** Options of `OpenAIEmbedder`. */
export type OpenAIEmbedderOptions = (OpenAIServerOptions | OpenAIClientOptions) &
  OpenAIModelOptions &
  EmbeddingOptions & {
    /** Ask for vectors this short, of models that can be cut (Matryoshka). Part of the space. @default the model's own */
    readonly dimensions?: number | undefined;
  };

/** How to reach the server, with the defaults filled in. */
export interface OpenAIServerSettings {
  readonly baseUrl?: string | undefined;
  readonly apiKey?: string | undefined;
  readonly headers?: Readonly<Record<string, string>> | undefined;
  readonly connectTimeoutMs?: number | undefined;
  readonly fetch?: typeof globalThis.fetch | undefined;
  readonly client?: OpenAIClient | undefined;
  readonly model: string;
  readonly maxAttempts: number;
}

/** {@link OpenAIBackendOptions} with the defaults filled in. */
export interface OpenAIBackendSettings extends OpenAIServerSettings, StreamTimeoutSettings {
  readonly vision: boolean;
  readonly jsonSchema: boolean;
  readonly contextTokens?: number | undefined;
  readonly slots?: number | undefined;
  readonly tools: boolean;
  readonly namedToolChoice?: boolean | undefined;
  readonly grammars: readonly Grammar["syntax"][];
  readonly logprobs: boolean;
  readonly adapters: boolean;
  readonly reasoningField?: "reasoning_content" | "reasoning" | undefined;
  readonly maxTokensField: "max_tokens" | "max_completion_tokens";
}

/** {@link OpenAIEmbedderOptions} with the defaults filled in. */
export interface OpenAIEmbedderSettings extends OpenAIServerSettings, EmbeddingSettings {
  readonly dimensions?: number | undefined;
}

const isFunction = (value: unknown): boolean => typeof value === "function";
const isClient = (value: unknown): boolean =>
  typeof value === "object" && value !== null && isFunction(Reflect.get(value, "post"));
const count = z.int().positive();

const serverFields = {
  baseUrl: z.url({ protocol: /^https?$/, error: "must be an http or https URL" }).optional(),
  apiKey: z.string().trim().min(1).optional(),
  headers: serverHeaders().optional(),
  // Its default is createFetch's, so that one that was given beside a client can be told.
  connectTimeoutMs: z.int().positive().optional(),
  fetch: z.custom<typeof globalThis.fetch>(isFunction, "must be a function").optional(),
  client: z.custom<OpenAIClient>(isClient, "must be a client of the openai package").optional(),
  model: z.string().min(1),
  maxAttempts: count.default(3),
};
const backendSchema = z
  .strictObject({
    ...serverFields,
    ...streamTimeoutFields(),
    vision: z.boolean().default(false),
    jsonSchema: z.boolean().default(true),
    contextTokens: count.optional(),
    slots: count.optional(),
    tools: z.boolean().default(false),
    namedToolChoice: z.boolean().optional(),
    grammars: z.array(z.enum(["gbnf", "ebnf", "regex", "choice"])).default([]),
    logprobs: z.boolean().default(false),
    adapters: z.boolean().default(false),
    reasoningField: z.enum(["reasoning_content", "reasoning"]).optional(),
    maxTokensField: z.enum(["max_tokens", "max_completion_tokens"]).default("max_completion_tokens"),
  })
  .superRefine(checkServer);
const embedderSchema = z
  .strictObject({ ...serverFields, ...embeddingFields(), dimensions: count.optional() })
  .superRefine(checkServer);

/** Checks the options of an `OpenAIBackend`; throws `ConfigurationError`. */
export function parseBackendOptions(options: OpenAIBackendOptions): OpenAIBackendSettings {
  return parseOptions("OpenAIBackend", backendSchema, options);
}

/** Checks the options of an `OpenAIEmbedder`; throws `ConfigurationError`. */
export function parseEmbedderOptions(options: OpenAIEmbedderOptions): OpenAIEmbedderSettings {
  return parseOptions("OpenAIEmbedder", embedderSchema, options);
}

function checkServer(
  {
    client,
    baseUrl,
    apiKey,
    headers,
    connectTimeoutMs,
    fetch,
  }: Omit<OpenAIServerSettings, "model" | "maxAttempts">,
  context: z.RefinementCtx,
): void {
  const issue = (path: string, message: string): void =>
    context.addIssue({ code: "custom", path: [path], message });
  if (client !== undefined && (baseUrl ?? apiKey ?? headers ?? connectTimeoutMs ?? fetch) !== undefined)
    issue(
      "client",
      "brings its own baseUrl, apiKey, headers, connectTimeoutMs and fetch; give either it or them",
    );
  if (client === undefined && baseUrl === undefined && apiKey === undefined)
    issue("apiKey", "is needed for OpenAI's own API; for another server give its baseUrl");
  const blocked = fetch === undefined ? blockedPortIssue(baseUrl ?? "") : undefined;
  if (blocked !== undefined) issue("baseUrl", blocked);
}
