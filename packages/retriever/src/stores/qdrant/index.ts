/**
 * A vector store on a Qdrant server or cluster.
 *
 * @example
 * {@includeCode ../../../../../docs/examples/retriever-qdrant.ts}
 * @module retriever/qdrant
 */
export { QdrantStore } from "./qdrant-store.ts";
export { type QdrantBatchOptions, type QdrantStoreOptions } from "./qdrant-options.ts";
export { type QdrantCollectionOptions } from "./collections/collection-options.ts";
