/**
 * The interfaces between the parts of Binnacle, and the errors. Importing it loads no other package.
 *
 * @example
 * {@includeCode ../../../docs/examples/core.ts}
 * @module core
 */
export { AdmissionError, type AdmissionErrorOptions } from "./errors/admission-error.ts";
export {
  attribute,
  BinnacleError,
  type AttemptRecord,
  type Attribution,
  type BinnacleErrorOptions,
} from "./errors/binnacle-error.ts";
export { blameOf, type Blame } from "./errors/blame-of.ts";
export { kindOfStatus } from "./errors/kind-of-status.ts";
export { type PartialGeneration, type PartialToolCall } from "./errors/partial-generation.ts";
export {
  ConfigurationError,
  type ConfigurationIssue,
  type ConfigurationErrorOptions,
} from "./errors/configuration-error.ts";
export { FencedError, type FencedErrorOptions } from "./errors/fenced-error.ts";
export {
  InferenceError,
  type InferenceErrorKind,
  type InferenceErrorOptions,
} from "./errors/inference-error.ts";
export { InvalidResponseError, type InvalidResponseErrorOptions } from "./errors/invalid-response-error.ts";
export { RequestError, type RequestErrorOptions } from "./errors/request-error.ts";
export { TimeoutError, type TimeoutErrorOptions } from "./errors/timeout-error.ts";
export { UnsupportedError, type UnsupportedErrorOptions } from "./errors/unsupported-error.ts";
export { type Alias, type AliasAdmin } from "./spec/alias-admin.ts";
export { type CacheSetOptions, type CacheStats, type Cache } from "./spec/cache.ts";
export { type CallOptions, type Closable, type InferenceCallOptions } from "./spec/call-options.ts";
export { type Chunk, type Chunker } from "./spec/chunker.ts";
export { type ContentPart } from "./spec/content-part.ts";
export {
  type Metric,
  type DenseSpec,
  type SparseSpec,
  type IdfScope,
  type CollectionSpec,
  type CollectionInfo,
} from "./spec/collection-spec.ts";
export {
  type Upsert,
  type Patch,
  type Delete,
  type Write,
  type Fence,
  type WriteOptions,
  type WriteEpochs,
  type WriteResult,
  type PointSelector,
  type ScanOptions,
  type ScanOrder,
  type GetOptions,
  type StoredPoint,
  type EpochOptions,
  type TermStatistics,
  type Collection,
  type CompleteCollection,
} from "./spec/collection.ts";
export {
  type UpsertChange,
  type RemoveChange,
  type UnreadableChange,
  type ListingChange,
  type CheckpointChange,
  type CurrentChange,
  type DegradedChange,
  type ScopesChange,
  type RemovedScopeChange,
  type SourceChange,
  type ChangesOptions,
  type DocumentSource,
} from "./spec/document-source.ts";
export { type Document, type OutlineNode, type MediaPart } from "./spec/document.ts";
export { type DocumentParser, type ParsedDocument, type ParseOptions } from "./spec/document-parser.ts";
export {
  type VectorSpace,
  type EmbedderInfo,
  type EmbedInput,
  type EmbedRole,
  type EmbedOptions,
  type TokenUsage,
  type EmbedResult,
  type Embedder,
} from "./spec/embedder.ts";
export { type FieldCondition, type Filter, type FilterOperand, type UnparsedFilter } from "./spec/filter.ts";
export { type Health } from "./spec/health.ts";
export {
  type ChatMessage,
  type GenerateRequest,
  type Grammar,
  type JsonSchema,
  type ToolCall,
  type ToolChoice,
  type ToolDefinition,
} from "./spec/generate-request.ts";
export {
  type FinishReason,
  type Generation,
  type GenerationEvent,
  type GenerationStream,
  type GenerationUsage,
  type TokenChance,
  type TokenLogprob,
} from "./spec/generation.ts";
export {
  type CapabilityOptions,
  type InferenceBackend,
  type ModelCapabilities,
} from "./spec/inference-backend.ts";
export {
  type ManifestRecordName,
  type ManifestBinding,
  type Manifest,
  type ManifestPlace,
  type ManifestSlot,
  type ManifestEntry,
  type ManifestPutOptions,
  type ManifestListOptions,
  type ManifestConfirmOptions,
  type ManifestShown,
  type ManifestScope,
  type ManifestView,
  type ManifestSession,
} from "./spec/manifest.ts";
export { type JsonValue, type Metadata, type FieldType, type MetadataFields } from "./spec/metadata.ts";
export { type RestoreOptions, type Snapshot, type SnapshotAdmin } from "./spec/snapshot-admin.ts";
export { type RelatedDocuments, type RelationReader } from "./spec/relation-reader.ts";
export { type Reranker, type RerankerInfo, type RerankResult } from "./spec/reranker.ts";
export {
  type RetrieveOptions,
  type Passage,
  type PassageVia,
  type RetrievalCut,
  type LegTrace,
  type TermMatch,
  type TermTrace,
  type RerankTrace,
  type RetrievalTrace,
  type Retrieval,
  type Retriever,
} from "./spec/retriever.ts";
export {
  type ContextPair,
  type DenseLeg,
  type DiscoverLeg,
  type SparseLeg,
  type LikeLeg,
  type Leg,
  type RrfFusion,
  type DbsfFusion,
  type Fusion,
  type FilterBoost,
  type DecayBoost,
  type Boost,
  type Mmr,
  type SearchQuery,
  type LegScore,
  type Hit,
} from "./spec/search.ts";
export { type FacetCount, type FacetOptions, type FacetValue } from "./spec/facet.ts";
export { type GroupOptions, type HitGroup } from "./spec/hit-group.ts";
export {
  type SparseVector,
  type SparseEncoder,
  type SparseInput,
  type WeightedText,
} from "./spec/sparse-encoder.ts";
export { type StoredChunk } from "./spec/stored-chunk.ts";
export {
  type AttributeValue,
  type Attributes,
  type TelemetryUnit,
  type InstrumentOptions,
  type Counter,
  type Histogram,
  type Gauge,
  type SpanOptions,
  type Span,
  type Telemetry,
} from "./spec/telemetry.ts";
export { type Tokenizer } from "./spec/tokenizer.ts";
export {
  type StoreCapabilities,
  type StoreFeature,
  type EnsuredCollection,
  type VectorStore,
  type TenantBinding,
} from "./spec/vector-store.ts";
