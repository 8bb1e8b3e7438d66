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
import { imageFamilies, type VllmImageFamily } from "./vllm-image-families.ts";

/** Options that all vLLM drivers share. */
export interface VllmServerOptions {
  /** Address of the server without `/v1`, such as `http://127.0.0.1:8000`. */
  readonly url: string;
  /** Name of the model, if the server serves several. @default the first one that is not an adapter */
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
   * Most attempts of one request while the server is overloaded or unreachable. A stream is not retried after
   * its first token. @default 3
   */
  readonly maxAttempts?: number | undefined;
  /** Your own `fetch`. @default a fetch of this driver with its own connections */
  readonly fetch?: HttpFetch | undefined;
}

/** Options of `VllmBackend`. */
export interface VllmBackendOptions extends VllmServerOptions, StreamTimeouts {
  /**
   * True if the model sees images. The server does not list this, so the driver asks it to count the tokens
   * of a small image. @default the server's answer
   */
  readonly vision?: boolean | undefined;
}

/** Options of `VllmEmbedder`. */
export interface VllmEmbedderOptions extends VllmServerOptions, EmbeddingOptions {
  /**
   * Numbers per vector, for models that were trained to be cut (Matryoshka). The server refuses other models.
   * @default the model's own
   */
  readonly dimensions?: number | undefined;
  /**
   * Family of a model that embeds images. Every input is then sent as a chat message in the family's form,
   * one input per request. Part of the space. @default none: the embedder accepts texts only
   */
  readonly images?: VllmImageFamily | undefined;
}

/** Options of `VllmReranker`. */
export interface VllmRerankerOptions extends VllmServerOptions, RerankingOptions {}

/** {@link VllmServerOptions} with the defaults filled in. */
export interface VllmServerSettings extends VllmServerOptions {
  readonly headers: Readonly<Record<string, string>>;
  readonly connectTimeoutMs: number;
  readonly maxAttempts: number;
}

/** {@link VllmBackendOptions} with the defaults filled in. */
export interface VllmBackendSettings extends VllmServerSettings, StreamTimeoutSettings {
  readonly vision?: boolean | undefined;
}

/** {@link VllmEmbedderOptions} with the defaults filled in. */
export interface VllmEmbedderSettings extends VllmServerSettings, EmbeddingSettings {
  readonly dimensions?: number | undefined;
  readonly images?: VllmImageFamily | undefined;
}

/** {@link VllmRerankerOptions} with the defaults filled in. */
export interface VllmRerankerSettings extends VllmServerSettings, RerankingSettings {}

const backendSchema = z
  .strictObject({ ...serverFields(), ...streamTimeoutFields(), vision: z.boolean().optional() })
  .superRefine(checkServerUrl);
const embedderSchema = z
  .strictObject({
    ...serverFields(),
    ...embeddingFields(),
    dimensions: z.int().positive().optional(),
    images: z.enum(imageFamilies).optional(),
  })
  .superRefine(checkServerUrl);
const rerankerSchema = z
  .strictObject({ ...serverFields(), ...rerankingFields() })
  .superRefine(checkServerUrl);

/** Checks the options of a `VllmBackend`; throws `ConfigurationError`. */
export function parseBackendOptions(options: VllmBackendOptions): VllmBackendSettings {
  return parseOptions("VllmBackend", backendSchema, options);
}

/** Checks the options of a `VllmEmbedder`; throws `ConfigurationError`. */
export function parseEmbedderOptions(options: VllmEmbedderOptions): VllmEmbedderSettings {
  return parseOptions("VllmEmbedder", embedderSchema, options);
}

/** Checks the options of a `VllmReranker`; throws `ConfigurationError`. */
export function parseRerankerOptions(options: VllmRerankerOptions): VllmRerankerSettings {
  return parseOptions("VllmReranker", rerankerSchema, options);
}
