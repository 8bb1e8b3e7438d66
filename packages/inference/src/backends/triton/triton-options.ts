import type { ChatMessage } from "@binnacle/core";
import { blockedPortIssue, parseOptions, tlsSchema, type TlsOptions } from "@binnacle/core/kit";
import { z } from "zod";
import {
  embeddingFields,
  type EmbeddingOptions,
  type EmbeddingSettings,
} from "../../embedding/embedding-options.ts";
import {
  streamTimeoutFields,
  type StreamTimeouts,
  type StreamTimeoutSettings,
} from "../../generation/stream-timeouts.ts";
import {
  rerankingFields,
  type RerankingOptions,
  type RerankingSettings,
} from "../../reranking/reranking-options.ts";
import { serverHeaders } from "../../server/server-headers.ts";
import { embeddingTensorsSchema, type EmbeddingTensors } from "./models/embedding-tensors.ts";
import { rerankTensorsSchema, type RerankTensors } from "./models/rerank-tensors.ts";
import {
  samplingFields,
  textTensorsSchema,
  type SamplingField,
  type TextTensors,
} from "./models/text-tensors.ts";

/** Options that all Triton drivers share. */
export interface TritonServerOptions {
  /**
   * Address with the protocol and the port: `grpc://127.0.0.1:8001` (Triton's gRPC port) or
   * `http://127.0.0.1:8000` (its HTTP port). `grpcs` and `https` use TLS.
   */
  readonly url: string;
  /** Sent as a bearer token, for a proxy that needs one. @default none */
  readonly apiKey?: string | undefined;
  /** Headers of every request, for example for a proxy. They override the key's header. @default none */
  readonly headers?: Readonly<Record<string, string>> | undefined;
  /** Trusted authorities and the client's certificate, for a `grpcs` or `https` URL. @default Node's own */
  readonly tls?: TlsOptions | undefined;
  /** Most milliseconds until a connection is open. @default 10_000 */
  readonly connectTimeoutMs?: number | undefined;
  /**
   * Most attempts of one request while the server is loading, overloaded or unreachable. A stream is not
   * retried after its first token. @default 3
   */
  readonly maxAttempts?: number | undefined;
}

/** The model that a backend or an embedder uses. */
export interface TritonModelOptions extends TritonServerOptions {
  /** Name of the model in the server's repository. */
  readonly model: string;
  /** Version of the model. @default the server's choice */
  readonly version?: string | undefined;
}

/**
 * Form of the prompt that the messages become. `transcript`: one user message is sent as it is, and several
 * messages as lines such as `User: …`. `chatml`: the template of Qwen and many other models. A function
 * writes any other form.
 */
export type PromptTemplate = "transcript" | "chatml" | ((messages: readonly ChatMessage[]) => string);

/** Options of `TritonBackend`. */
export interface TritonBackendOptions extends TritonModelOptions, StreamTimeouts {
  /**
   * Names of the tensors for the prompt and the answer. @default known from the model's metadata: the vLLM
   * backend, TensorRT-LLM, `message` to `response`, or a single text input and output
   */
  readonly tensors?: TextTensors | undefined;
  /** Form of the prompt. @default "transcript" */
  readonly template?: PromptTemplate | undefined;
  /**
   * Request fields to leave out if the model has no input for them. Such a request is refused otherwise.
   * @default none
   */
  readonly omit?: readonly SamplingField[] | undefined;
  /**
   * Names of the adapters (LoRA) that the vLLM backend was started with. A request with another name is
   * refused, because the backend would answer with the text of an error. @default none
   */
  readonly adapters?: readonly string[] | undefined;
}

/** Options of `TritonEmbedder`. */
export interface TritonEmbedderOptions extends TritonModelOptions, EmbeddingOptions {
  /**
   * Names of the tensors for the texts and the vectors. @default known from the model's metadata: `message` to
   * `embedding`, or a single text input and a single output of floating-point rows
   */
  readonly tensors?: EmbeddingTensors | undefined;
}

/** Options of `TritonReranker`. */
export interface TritonRerankerOptions extends TritonModelOptions, RerankingOptions {
  /**
   * Names of the tensors for the query, the documents and the scores. @default inputs named `query` and
   * `document`, and the only output of floating-point numbers
   */
  readonly tensors?: RerankTensors | undefined;
}

/** Options of `TritonClient`. */
export interface TritonClientOptions extends TritonServerOptions {
  /** Most milliseconds for one request, with the wait in the server's queue. @default 120_000 */
  readonly requestTimeoutMs?: number | undefined;
}

/** {@link TritonServerOptions} with the defaults filled in. */
export interface TritonServerSettings extends TritonServerOptions {
  readonly headers: Readonly<Record<string, string>>;
  readonly connectTimeoutMs: number;
  readonly maxAttempts: number;
}

/** {@link TritonBackendOptions} with the defaults filled in. */
export interface TritonBackendSettings extends TritonServerSettings, StreamTimeoutSettings {
  readonly model: string;
  readonly version?: string | undefined;
  readonly tensors?: TextTensors | undefined;
  readonly template: PromptTemplate;
  readonly omit: readonly SamplingField[];
  readonly adapters: readonly string[];
}

/** {@link TritonEmbedderOptions} with the defaults filled in. */
export interface TritonEmbedderSettings extends TritonServerSettings, EmbeddingSettings {
  readonly model: string;
  readonly version?: string | undefined;
  readonly tensors?: EmbeddingTensors | undefined;
}

/** {@link TritonRerankerOptions} with the defaults filled in. */
export interface TritonRerankerSettings extends TritonServerSettings, RerankingSettings {
  readonly model: string;
  readonly version?: string | undefined;
  readonly tensors?: RerankTensors | undefined;
}

/** {@link TritonClientOptions} with the defaults filled in. */
export interface TritonClientSettings extends TritonServerSettings {
  readonly requestTimeoutMs: number;
}

const url = z
  .url({ protocol: /^(grpcs?|https?)$/, error: "must be a grpc, grpcs, http or https URL" })
  .superRefine((value, context) => {
    const message = urlIssue(value);
    if (message !== undefined) context.addIssue({ code: "custom", message });
  });
const serverFields = {
  url,
  apiKey: z.string().trim().min(1).optional(),
  headers: serverHeaders().default({}),
  tls: tlsSchema().optional(),
  connectTimeoutMs: z.int().positive().default(10_000),
  maxAttempts: z.int().positive().default(3),
};
const modelFields = { model: z.string().min(1), version: z.string().min(1).optional() };
const template = z.union([
  z.enum(["transcript", "chatml"]),
  z.custom<(messages: readonly ChatMessage[]) => string>((value) => typeof value === "function"),
]);
const backendSchema = z.strictObject({
  ...serverFields,
  ...modelFields,
  ...streamTimeoutFields(),
  tensors: textTensorsSchema.optional(),
  template: template.default("transcript"),
  omit: z.array(z.enum(samplingFields)).default([]),
  adapters: z.array(z.string().min(1)).default([]),
});
const embedderSchema = z.strictObject({
  ...serverFields,
  ...modelFields,
  ...embeddingFields(),
  tensors: embeddingTensorsSchema.optional(),
});
const rerankerSchema = z.strictObject({
  ...serverFields,
  ...modelFields,
  ...rerankingFields(),
  tensors: rerankTensorsSchema.optional(),
});
const clientSchema = z.strictObject({
  ...serverFields,
  requestTimeoutMs: z.int().positive().default(120_000),
});

/** Checks the options of a `TritonBackend`; throws `ConfigurationError`. */
export function parseBackendOptions(options: TritonBackendOptions): TritonBackendSettings {
  return parseOptions("TritonBackend", backendSchema, options);
}

/** Checks the options of a `TritonEmbedder`; throws `ConfigurationError`. */
export function parseEmbedderOptions(options: TritonEmbedderOptions): TritonEmbedderSettings {
  return parseOptions("TritonEmbedder", embedderSchema, options);
}

/** Checks the options of a `TritonReranker`; throws `ConfigurationError`. */
export function parseRerankerOptions(options: TritonRerankerOptions): TritonRerankerSettings {
  return parseOptions("TritonReranker", rerankerSchema, options);
}

/** Checks the options of a `TritonClient`; throws `ConfigurationError`. */
export function parseClientOptions(options: TritonClientOptions): TritonClientSettings {
  return parseOptions("TritonClient", clientSchema, options);
}

function urlIssue(text: string): string | undefined {
  if (!URL.canParse(text)) return undefined; // zod already reports it
  const { protocol, port, pathname, host } = new URL(text);
  if (protocol.startsWith("http"))
    return /\/v2\/*$/.test(pathname)
      ? "must not end with /v2; remove it, because the driver adds it"
      : blockedPortIssue(text);
  if (host === "") return "must name a host";
  if (port === "") return "must name the port, such as grpc://127.0.0.1:8001";
  return pathname === "" || pathname === "/" ? undefined : "must not have a path";
}
