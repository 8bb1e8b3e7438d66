import type { EmbeddingModelV4, LanguageModelV4 } from "@ai-sdk/provider";
import { ConfigurationError, type Embedder, type InferenceBackend } from "@binnacle/core";
import { describeValue, hasMethods } from "@binnacle/core/kit";
import { label, type AISDKBackendOptions, type AISDKEmbedderOptions } from "./ai-sdk-options.ts";
import { embeddingModelEmbedder } from "./embedding-model-embedder.ts";
import { languageModelBackend } from "./language-model-backend.ts";

/**
 * Creates a backend from a language model of the AI SDK, or an embedder from an embedding model. Timeouts,
 * retries and errors are those of this SDK. Embeddings become `Float32Array` of length 1. Throws a
 * `ConfigurationError` if the model has another specification version than `v4`.
 */
export function fromAISDK(model: LanguageModelV4, options?: AISDKBackendOptions): InferenceBackend;
export function fromAISDK(model: EmbeddingModelV4, options?: AISDKEmbedderOptions): Embedder;
export function fromAISDK(
  model: LanguageModelV4 | EmbeddingModelV4,
  options: AISDKBackendOptions & AISDKEmbedderOptions = {},
): InferenceBackend | Embedder {
  if (isEmbeddingModel(model)) return embeddingModelEmbedder(model, options);
  if (isLanguageModel(model)) return languageModelBackend(model, options);
  throw new ConfigurationError(
    `${label}: model: expected a language model or an embedding model of the AI SDK, got ${describeValue(model)}`,
  );
}

function isEmbeddingModel(model: unknown): model is EmbeddingModelV4 {
  return hasMethods(model, ["doEmbed"]);
}

function isLanguageModel(model: unknown): model is LanguageModelV4 {
  return hasMethods(model, ["doGenerate", "doStream"]);
}
