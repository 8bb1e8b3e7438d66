/**
 * Drivers for Triton Inference Server and other servers of the KServe v2 protocol, over gRPC or HTTP. gRPC
 * uses the `@grpc/grpc-js` package, an optional peer dependency.
 *
 * @example
 * {@includeCode ../../../../../docs/examples/inference-triton.ts}
 * @module inference/triton
 */
export { TritonBackend } from "./triton-backend.ts";
export { TritonClient, type TritonModelCallOptions } from "./triton-client.ts";
export { TritonEmbedder } from "./triton-embedder.ts";
export { TritonReranker } from "./triton-reranker.ts";
export {
  type PromptTemplate,
  type TritonBackendOptions,
  type TritonClientOptions,
  type TritonEmbedderOptions,
  type TritonModelOptions,
  type TritonRerankerOptions,
  type TritonServerOptions,
} from "./triton-options.ts";
export { type EmbeddingTensors } from "./models/embedding-tensors.ts";
export { type RerankTensors } from "./models/rerank-tensors.ts";
export { type SamplingField, type TextTensors } from "./models/text-tensors.ts";
export { type Datatype, type Tensor, type TensorData } from "./tensors/tensor.ts";
export { tensorFloats, tensorTexts } from "./tensors/tensor-bytes.ts";
export { type InferRequest, type InferResponse, type ParameterValue } from "./wire/infer-message.ts";
export {
  type ModelConfig,
  type ModelMetadata,
  type ModelStatistics,
  type RepositoryModel,
  type ServerInfo,
  type TensorSpec,
  type TritonModel,
} from "./wire/server-facts.ts";
export { type EmbeddingOptions } from "../../embedding/embedding-options.ts";
export { type RerankingOptions } from "../../reranking/reranking-options.ts";
export { type StreamTimeouts } from "../../generation/stream-timeouts.ts";
