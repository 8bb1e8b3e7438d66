/**
 * Contracts of all interfaces for any test runner, fakes, and a `fetch` that replays recorded exchanges.
 *
 * @example
 * {@includeCode ../../../../docs/examples/core-testing.ts}
 * @module core/testing
 */
export { cacheContract } from "./cache-contract.ts";
export { chunkerContract, type ChunkerContractOptions } from "./chunker-contract.ts";
export { contractCases, type ContractCase } from "./contract-case.ts";
export { embedderContract } from "./embedder-contract.ts";
export { documentSourceContract } from "./document-source-contract/document-source-contract.ts";
export {
  type ChangeableContent,
  type DocumentSourceAbilities,
  type DocumentSourceSubject,
} from "./document-source-contract/source-subject.ts";
export { FakeClock } from "./fake-clock.ts";
export { FakeEmbedder, type FakeEmbedderOptions } from "./fake-embedder.ts";
export { FakeReranker, type FakeRerankerOptions } from "./fake-reranker.ts";
export {
  FakeInferenceBackend,
  type FakeInferenceBackendOptions,
  type FakeReply,
} from "./fake-inference-backend.ts";
export {
  RecordingTelemetry,
  type RecordedEvent,
  type RecordedMeasurement,
  type RecordedSpan,
} from "./recording-telemetry.ts";
export { telemetryContract } from "./telemetry-contract.ts";
export { inferenceBackendContract } from "./inference-backend-contract/inference-backend-contract.ts";
export { rerankerContract } from "./reranker-contract.ts";
export { tokenizerContract, type TokenizerContractOptions } from "./tokenizer-contract.ts";
export { sparseEncoderContract } from "./sparse-encoder-contract.ts";
export {
  createReplayingFetch,
  type ExpectedRequest,
  type RecordedExchange,
  type RecordedFailure,
  type RecordedResponse,
  type ReplayingFetch,
  type SeenRequest,
} from "./replaying-fetch.ts";
export { retrieverContract, type RetrieverSubject } from "./retriever-contract.ts";
export {
  vectorStoreContract,
  type VectorStoreContractOptions,
} from "./vector-store-contract/vector-store-contract.ts";
export { manifestContract, type ManifestSetup } from "./manifest-contract/manifest-contract.ts";
