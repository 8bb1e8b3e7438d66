import { parseOptions, type HttpFetch } from "@binnacle/core/kit";
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
import { checkServerUrl, serverFields } from "../../server/server-fields.ts";

/** Options that both llama-server drivers share. */
export interface LlamaCppServerOptions {
  /**
   * Address of the server without `/v1`, such as `http://127.0.0.1:8080`. Required, because llama-server has
   * had two default ports.
   */
  readonly url: string;
  /**
   * Model to ask for if the server is a router of several models. A server with one model ignores it.
   * @default the server's
   */
  readonly model?: string | undefined;
  /** Key that the server was started with (`--api-key`). @default none */
  readonly apiKey?: string | undefined;
  /** Headers of every request, for example for a proxy. They override the key's header. @default none */
  readonly headers?: Readonly<Record<string, string>> | undefined;
  /**
   * Most milliseconds until a connection is open. A `fetch` of your own has its own limit. @default 10_000
   */
  readonly connectTimeoutMs?: number | undefined;
  /**
   * Most attempts of one request while the server is loading, overloaded or unreachable. A stream is not
   * retried after its first token. @default 3
   */
  readonly maxAttempts?: number | undefined;
  /** Your own `fetch`. @default a fetch of this driver with its own connections */
  readonly fetch?: HttpFetch | undefined;
}

/** Options of `LlamaCppBackend`. */
export interface LlamaCppBackendOptions extends LlamaCppServerOptions, StreamTimeouts {}

/** Options of `LlamaCppEmbedder`. */
export interface LlamaCppEmbedderOptions extends LlamaCppServerOptions, EmbeddingOptions {}

/** Options of `LlamaCppReranker`. */
export interface LlamaCppRerankerOptions extends LlamaCppServerOptions, RerankingOptions {}

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

/** {@link LlamaCppRerankerOptions} with the defaults filled in. */
export interface LlamaCppRerankerSettings extends LlamaCppServerSettings, RerankingSettings {}

const backendSchema = z
  .strictObject({ ...serverFields(), ...streamTimeoutFields() })
  .superRefine(checkServerUrl);
const embedderSchema = z
  .strictObject({ ...serverFields(), ...embeddingFields() })
  .superRefine(checkServerUrl);
const rerankerSchema = z
  .strictObject({ ...serverFields(), ...rerankingFields() })
  .superRefine(checkServerUrl);

/** Checks the options of a `LlamaCppBackend`; throws `ConfigurationError`. */
export function parseBackendOptions(options: LlamaCppBackendOptions): LlamaCppBackendSettings {
  return parseOptions("LlamaCppBackend", backendSchema, options);
}

/** Checks the options of a `LlamaCppEmbedder`; throws `ConfigurationError`. */
export function parseEmbedderOptions(options: LlamaCppEmbedderOptions): LlamaCppEmbedderSettings {
  return parseOptions("LlamaCppEmbedder", embedderSchema, options);
}

/** Checks the options of a `LlamaCppReranker`; throws `ConfigurationError`. */
export function parseRerankerOptions(options: LlamaCppRerankerOptions): LlamaCppRerankerSettings {
  return parseOptions("LlamaCppReranker", rerankerSchema, options);
}
