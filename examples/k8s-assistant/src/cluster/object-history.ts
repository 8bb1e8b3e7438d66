import {
  createClusterHistory,
  historyFields,
  historySourceOf,
  type ClusterHistory,
} from "@binnacle/k8s-sync";
import {
  createBm25Encoder,
  createChunker,
  createIndexer,
  defineIndex,
  type Index,
} from "@binnacle/retriever";
import type { OpenIndex } from "./open-index.ts";

/** Name of the collection that holds the histories of the objects. */
export const historyCollection = "history";

/** Defines the index of histories. It has no vectors, so a change costs no embedding. */
export async function defineHistoryIndex(): Promise<Index> {
  const chunker = await createChunker({ maxTokens: 300 });
  return defineIndex({
    name: historyCollection,
    chunker,
    sparse: createBm25Encoder(),
    fields: historyFields,
  });
}

/** Opens the history of a cluster beside the index of its objects. */
export async function openHistory({ store, index, cluster }: OpenIndex): Promise<ClusterHistory> {
  const indexer = createIndexer({ store, index: await defineHistoryIndex() });
  const sourceId = historySourceOf(cluster);
  return createClusterHistory({
    cluster,
    objects: store.collection(index.name),
    histories: store.collection(historyCollection),
    write: async (documents) => void (await indexer.upsert(documents, { sourceId })).throwIfFailed(),
    remove: async (ids) => void (await indexer.remove(ids, { sourceId })).throwIfFailed(),
  });
}
