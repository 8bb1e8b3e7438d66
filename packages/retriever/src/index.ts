/**
 * Provides chunking, indexing, retrieval and answering over the interfaces of core. This entry loads no
 * driver that holds a file or a socket.
 *
 * @example
 * {@includeCode ../../../docs/examples/retriever.ts}
 * @module retriever
 */
export { type ChunkerOptions } from "./chunking/chunker-options.ts";
export { createChunker } from "./chunking/create-chunker.ts";
export { createOutlineChunker } from "./chunking/create-outline-chunker.ts";
export { createTextChunker } from "./chunking/create-text-chunker.ts";
export { createMarkdownChunker } from "./chunking/markdown/create-markdown-chunker.ts";
export { createEstimatingTokenizer } from "./chunking/tokenizer/create-estimating-tokenizer.ts";
export { createTokenizer, type VocabularyName } from "./chunking/tokenizer/create-tokenizer.ts";
export { MemoryCache, type MemoryCacheOptions } from "./caches/memory/index.ts";
export {
  createTieredCache,
  type LoadOptions,
  type TieredCache,
  type TieredCacheEvent,
  type TieredCacheOptions,
  type TieredCacheStats,
} from "./caches/tiered/index.ts";
export {
  createCachedRetriever,
  type CachedRetriever,
  type CachedRetrieverEvent,
  type CachedRetrieverOptions,
  type CachedRetrieverStats,
} from "./retrieval/cached/index.ts";
export { createRetriever } from "./retrieval/create-retriever.ts";
export { type RetrieverFusion, type ScoreFusion } from "./retrieval/fuse-legs.ts";
export {
  formatContext,
  type ContextCut,
  type FormatContextOptions,
  type FormattedContext,
} from "./answering/prompt/format-context.ts";
export {
  type Expansion,
  type RetrievalMode,
  type RetrieverMinScore,
  type RetrieverOptions,
} from "./retrieval/retriever-options.ts";
export {
  fromDocuments,
  type Documents,
  type FromDocumentsOptions,
  type SourceDocument,
} from "./sources/documents/index.ts";
export { createIndexer, type Indexer } from "./indexing/create-indexer.ts";
export { defineIndex, type Index } from "./indexing/options/define-index.ts";
export {
  type FollowError,
  type FollowHandle,
  type FollowStatus,
  type ScopeStatus,
} from "./indexing/report/follow-status.ts";
export {
  type DegradedScope,
  type IncompleteListing,
  type IndexFailure,
  type IndexProgress,
  type IndexReport,
  type RemovedScope,
} from "./indexing/report/index-report.ts";
export {
  type FollowOptions,
  type IndexerOptions,
  type PushOptions,
  type SyncOptions,
} from "./indexing/options/indexer-options.ts";
export { type FieldsMetadata, type FieldValue } from "./indexing/options/index-types.ts";
export { type MassDeletion } from "./indexing/run/mass-delete-error.ts";
export { type AllowMassDelete } from "./indexing/run/run-context.ts";
export { SyncError } from "./indexing/report/sync-error.ts";
export {
  type IndexDifference,
  type IndexVerification,
  type UnreadableDocument,
} from "./indexing/verify/findings.ts";
export { verifyIndex, type VerifyIndexOptions } from "./indexing/verify-index.ts";
export {
  reindex,
  type ReindexOptions,
  type ReindexProgress,
  type ReindexReport,
  type ReindexSource,
} from "./reindexing/index.ts";
export { MemoryManifest, type MemoryManifestOptions } from "./manifests/memory/index.ts";
export { MemoryStore, type MemoryStoreOptions } from "./stores/memory/index.ts";
export {
  bm25Languages,
  createBm25Encoder,
  type Bm25EncoderOptions,
  type Bm25Language,
} from "./sparse/index.ts";
export {
  createEmbedder,
  type EmbeddedText,
  type EmbedFunction,
  type EmbedderOptions,
} from "./embedders/function/index.ts";
export {
  createCachedEmbedder,
  type CachedEmbedder,
  type CachedEmbedderOptions,
  type CachedEmbedderStats,
} from "./embedders/cached/index.ts";
export {
  nothingAnswersThat,
  type Answer,
  type AnswerEvent,
  type AnswerOptions,
  type AnswerStream,
  type AnswerTrace,
  type Refusal,
  type Answerer,
} from "./answering/answer.ts";
export { type ConversationTrace, type ConversationTurn } from "./answering/conversation/conversation-turn.ts";
export { type AnswerCitation, type Citation } from "./answering/citations/citation.ts";
export { type AnswererOptions, type ExtractiveAnswererOptions } from "./answering/answerer-options.ts";
export { assessRelevance, type RelevanceOptions } from "./answering/relevance/assess-relevance.ts";
export { type Relevance } from "./answering/relevance/relevance.ts";
export { type RefusalLevel } from "./answering/relevance/refusal-level.ts";
export {
  conversationsCollection,
  documentsCollection,
  knowledgeBaseCollection,
  learningDataCollection,
  userProfilesCollection,
  type PresetEmbeddings,
} from "./collections/collection-presets.ts";
export {
  forEmbeddings,
  type CollectionBuilder,
  type EmbeddingSpec,
  type TypedCollectionSpec,
} from "./collections/for-embeddings.ts";
export {
  type Conversation,
  type ConversationKey,
  type ConversationPage,
  type ConversationStore,
  type ConversationSummary,
  type ConversationWrite,
  type LockOutcome,
  type PageRequest,
} from "./conversations/conversation-store.ts";
export { type ConversationsOptions } from "./conversations/conversations-options.ts";
export { createConversations, type Conversations } from "./conversations/create-conversations.ts";
export { type OpenConversation } from "./conversations/open-conversation.ts";
export { MemoryConversations, type MemoryConversationsOptions } from "./conversations/memory/index.ts";
export { observeAnswerer, type ObserveAnswererOptions } from "./telemetry/observe-answerer.ts";
export { similarContentPreset } from "./retrieval/similar-content-preset.ts";
export { createAnswerer } from "./answering/create-answerer.ts";
export { createExtractiveAnswerer } from "./answering/create-extractive-answerer.ts";
export { contextQueryPrompt, defaultPrompt, type PromptBuilder } from "./answering/prompt/prompts.ts";
