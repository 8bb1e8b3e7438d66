import type { EmbeddingModelV4, LanguageModelV4 } from "@ai-sdk/provider";
import { parseOptions } from "@binnacle/core/kit";
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

/** Options of `fromAISDK` for a language model. */
export interface AISDKBackendOptions extends StreamTimeouts {
  /** True if the model sees images. Otherwise a request with an image is refused. @default false */
  readonly vision?: boolean | undefined;
  /** True if the provider makes the answer follow a JSON Schema. @default true */
  readonly jsonSchema?: boolean | undefined;
  /** True if the model takes `tools`. @default true */
  readonly tools?: boolean | undefined;
  /** True if `toolChoice` may name a tool. @default the value of `tools` */
  readonly namedToolChoice?: boolean | undefined;
  /** Tokens of the prompt and the answer together. @default unknown */
  readonly contextTokens?: number | undefined;
  /** Most attempts until the first token. @default 3 */
  readonly maxAttempts?: number | undefined;
}

/** Options of `fromAISDK` for an embedding model. */
export interface AISDKEmbedderOptions extends EmbeddingOptions {
  /** Name of the model in the space. @default the model's `modelId` */
  readonly model?: string | undefined;
  /** Length of the vectors to request. Part of the space. @default the model's own */
  readonly dimensions?: number | undefined;
  /** Most attempts of one request. @default 3 */
  readonly maxAttempts?: number | undefined;
}

/** {@link AISDKBackendOptions} with the defaults filled in. */
export interface AISDKBackendSettings extends AISDKBackendOptions, StreamTimeoutSettings {
  readonly vision: boolean;
  readonly jsonSchema: boolean;
  readonly tools: boolean;
  readonly maxAttempts: number;
  readonly firstTokenTimeoutMs: number;
  readonly idleTimeoutMs: number;
  readonly totalTimeoutMs: number;
}

/** {@link AISDKEmbedderOptions} with the defaults filled in. */
export interface AISDKEmbedderSettings extends EmbeddingSettings {
  readonly model?: string | undefined;
  readonly dimensions?: number | undefined;
  readonly maxAttempts: number;
}

const count = z.int().positive();
const backendSchema = z.strictObject({
  vision: z.boolean().default(false),
  jsonSchema: z.boolean().default(true),
  tools: z.boolean().default(true),
  namedToolChoice: z.boolean().optional(),
  contextTokens: count.optional(),
  maxAttempts: count.default(3),
  ...streamTimeoutFields(),
});
const embedderSchema = z.strictObject({
  model: z.string().min(1).optional(),
  dimensions: count.optional(),
  maxAttempts: count.default(3),
  ...embeddingFields(),
});
const modelSchema = z.object({
  specificationVersion: z.literal(
    "v4",
    'must be "v4", the version of AI SDK 7; update the provider\'s package',
  ),
  provider: z.string(),
  modelId: z.string().min(1),
});

/** The component in messages. */
export const label = "fromAISDK";

/** Checks the options of a language model. Throws a `ConfigurationError`. */
export function parseBackendOptions(
  model: LanguageModelV4,
  options: AISDKBackendOptions,
): AISDKBackendSettings {
  parseOptions(label, z.object({ model: modelSchema }), { model });
  return parseOptions(label, backendSchema, options);
}

/** Checks the options of an embedding model. Throws a `ConfigurationError`. */
export function parseEmbedderOptions(
  model: EmbeddingModelV4,
  options: AISDKEmbedderOptions,
): AISDKEmbedderSettings {
  parseOptions(label, z.object({ model: modelSchema }), { model });
  return parseOptions(label, embedderSchema, options);
}
