import type { EmbeddingModelV4, LanguageModelV4 } from "@ai-sdk/provider";
import { ConfigurationError, type Embedder, type InferenceBackend } from "@binnacle/core";
import { describeValue, hasMethods } from "@binnacle/core/kit";
import { BinnacleEmbeddingModel, type EmbeddingModelOptions } from "./binnacle-embedding-model.ts";
import { BinnacleLanguageModel, type LanguageModelOptions } from "./binnacle-language-model.ts";

/**
 * Creates a language model of the AI SDK from a backend, or an embedding model from an embedder. The object
 * stays open: close the backend or the embedder yourself. Its errors are those of this SDK, so the AI SDK
 * does not repeat the retries that a driver has already made.
 */
export function toAISDK(backend: InferenceBackend, options?: LanguageModelOptions): LanguageModelV4;
export function toAISDK(embedder: Embedder, options?: EmbeddingModelOptions): EmbeddingModelV4;
export function toAISDK(
  part: InferenceBackend | Embedder,
  options: LanguageModelOptions & EmbeddingModelOptions = {},
): LanguageModelV4 | EmbeddingModelV4 {
  if (isBackend(part)) return new BinnacleLanguageModel(part, options);
  if (isEmbedder(part)) return new BinnacleEmbeddingModel(part, options);
  throw new ConfigurationError(
    `toAISDK: expected an InferenceBackend or an Embedder, got ${describeValue(part)}`,
  );
}

function isBackend(part: unknown): part is InferenceBackend {
  return hasMethods(part, ["stream", "generate", "capabilities"]);
}

function isEmbedder(part: unknown): part is Embedder {
  return hasMethods(part, ["embed", "describe"]);
}
