/**
 * Models of the AI SDK (https://ai-sdk.dev) as backends and embedders, and the other way round. It needs the
 * types of `@ai-sdk/provider` 4, which every provider of AI SDK 7 installs, and loads nothing of it.
 *
 * @example
 * {@includeCode ../../../../../docs/examples/inference-ai-sdk.ts}
 * @module inference/ai-sdk
 */
export { fromAISDK } from "./from-ai-sdk.ts";
export { toAISDK } from "./to-ai-sdk.ts";
export { type AISDKBackendOptions, type AISDKEmbedderOptions } from "./ai-sdk-options.ts";
export { type EmbeddingModelOptions } from "./binnacle-embedding-model.ts";
export { type LanguageModelOptions } from "./binnacle-language-model.ts";
export { type EmbeddingOptions } from "../../embedding/embedding-options.ts";
export { type StreamTimeouts } from "../../generation/stream-timeouts.ts";
