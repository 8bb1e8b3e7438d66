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

/** Options for a server that the driver connects to. */
export interface OpenAIServerOptions {
  /**
   * Address of the API with its version, such as `http://127.0.0.1:8000/v1`. A user and password in it become
   * basic authentication unless there is an `apiKey`. @default OpenAI's own
   */
  readonly baseUrl?: string | undefined;
  /** Key of the API. OpenAI requires one; many other servers do not. @default none */
  readonly apiKey?: string | undefined;
  /** Headers of every request, for example for a proxy. They override the key's header. @default none */
  readonly headers?: Readonly<Record<string, string>> | undefined;
  /**
   * Most milliseconds until a connection is open. A `fetch` of your own has its own limit. @default 10_000
   */
  readonly connectTimeoutMs?: number | undefined;
  /**
   * Your own `fetch`. Node's gives up after 300 s without headers or data. @default a fetch of this driver
   * with its own connections
   */
  readonly fetch?: typeof globalThis.fetch | undefined;
  /** Not allowed together with an address. */
  readonly client?: undefined;
}

/**
 * Options for a client that you already have. The driver never closes it, and does not use its retries and
 * timeout.
 */
export interface OpenAIClientOptions {
  readonly client: OpenAIClient;
  /** Not allowed: the client has its own. */
  readonly baseUrl?: undefined;
  /** Not allowed: the client has its own. */
  readonly apiKey?: undefined;
  /** Not allowed: the client has its own (`defaultHeaders`). */
  readonly headers?: undefined;
  /** Not allowed: the client has its own. */
  readonly connectTimeoutMs?: undefined;
  /** Not allowed: the client has its own. */
  readonly fetch?: undefined;
}

/** The model to ask and the number of attempts. */
export interface OpenAIModelOptions {
  /** The model's name on the server. */
  readonly model: string;
  /**
   * Most attempts of one request while the server is overloaded or unreachable. A stream is not retried after
   * its first token. @default 3
   */
  readonly maxAttempts?: number | undefined;
}

/** Abilities of the model that you declare, because the protocol has no way to ask for them. */
export interface OpenAIDeclaredCapabilities {
  /** True if the model sees images. Otherwise a request with an image is refused. @default false */
  readonly vision?: boolean | undefined;
  /** True if the server makes the answer follow a JSON Schema. @default true */
  readonly jsonSchema?: boolean | undefined;
  /** Tokens of the prompt and the answer together. @default unknown */
  readonly contextTokens?: number | undefined;
  /** Requests that the server works on at the same time. @default unknown */
  readonly slots?: number | undefined;
  /**
   * True if the model takes `tools`. Many servers ignore tools without a word if the model cannot use them.
   * @default false
   */
  readonly tools?: boolean | undefined;
  /**
   * True if `toolChoice` may name a tool. llama-server ignores such a choice. @default the value of `tools`
   */
  readonly namedToolChoice?: boolean | undefined;
  /**
   * Grammar syntaxes that the server takes. llama-server takes `gbnf`; vLLM takes `ebnf`, `regex` and
   * `choice`. @default none
   */
  readonly grammars?: readonly Grammar["syntax"][] | undefined;
  /** True if the server returns log-probabilities. @default false */
  readonly logprobs?: boolean | undefined;
  /** True if the server serves adapters as models, as vLLM does. @default false */
  readonly adapters?: boolean | undefined;
  /**
   * Field name for the reasoning of earlier turns. OpenAI's own API refuses both. @default none: reasoning is
   * not sent
   */
  readonly reasoningField?: "reasoning_content" | "reasoning" | undefined;
  /**
   * Field name for `maxTokens`. OpenAI requires the newer name; some servers know only the older. @default
   * "max_completion_tokens"
   */
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
    /**
     * Length of the vectors to request, for models whose vectors can be shortened (Matryoshka). Part of the
     * space. @default the model's own
     */
    readonly dimensions?: number | undefined;
  };

/** The server to reach and the model to ask, with the defaults filled in. */
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
  // No default here, so that a value beside a client can be refused. `createFetch` has the default.
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
      "has its own baseUrl, apiKey, headers, connectTimeoutMs and fetch; pass either client or those options",
    );
  if (client === undefined && baseUrl === undefined && apiKey === undefined)
    issue("apiKey", "is required for OpenAI's own API; for another server set baseUrl");
  const blocked = fetch === undefined ? blockedPortIssue(baseUrl ?? "") : undefined;
  if (blocked !== undefined) issue("baseUrl", blocked);
}
