/**
 * Drivers for OpenAI and for every server with its protocol. They use the `openai` package, an optional peer
 * dependency.
 *
 * @example
 * {@includeCode ../../../../../docs/examples/inference-openai.ts}
 * @module inference/openai
 */
export { OpenAIBackend } from "./openai-backend.ts";
export {
  type OpenAIClient,
  type OpenAIPendingResponse,
  type OpenAIRequestOptions,
  type OpenAIResponse,
} from "./client/openai-client.ts";
export { OpenAIEmbedder } from "./openai-embedder.ts";
export {
  type OpenAIBackendOptions,
  type OpenAIClientOptions,
  type OpenAIDeclaredCapabilities,
  type OpenAIEmbedderOptions,
  type OpenAIModelOptions,
  type OpenAIServerOptions,
} from "./openai-options.ts";
export { type EmbeddingOptions } from "../../embedding/embedding-options.ts";
export { type StreamTimeouts } from "../../generation/stream-timeouts.ts";
