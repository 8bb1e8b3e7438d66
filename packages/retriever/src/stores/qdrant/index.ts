/**
 * A vector store on a Qdrant server or cluster.
 *
 * @example
 * {@includeCode ../../../../../docs/examples/retriever-qdrant.ts}
 * @module retriever/qdrant
 */
export { QdrantStore } from "./qdrant-store.ts";
export { type QdrantBatchOptions, type QdrantStoreOptions } from "./qdrant-options.ts";
export { type QdrantClientLike } from "./wire/injected-client.ts";
export { type QdrantCollectionOptions } from "./collections/collection-options.ts";
export { type QdrantCollectionChanges, type QdrantSettingChange } from "./collections/collection-changes.ts";
export { type QdrantCollectionCluster, type QdrantShard } from "./collections/collection-cluster.ts";
export { type QdrantCollectionState } from "./collections/collection-state.ts";
export { type QdrantSetting } from "./collections/collection-settings.ts";
export { type QdrantCluster, type QdrantPeer } from "./collections/server-cluster.ts";
