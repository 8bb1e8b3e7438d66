import type { Embedder } from "@binnacle/core";
import { kubernetesFields } from "@binnacle/k8s-sync";
import { createBm25Encoder, createChunker, defineIndex, type Index } from "@binnacle/retriever";

/** Name of the collection that holds the objects. */
export const collectionName = "objects";

const preferredTokens = 300;
// The rest is for the heading path, which is embedded with the chunk, and for special tokens.
const shareOfLimit = 0.7;

/** Defines the index of objects. Without an embedder the search is lexical. */
export async function defineObjectIndex(embedder: Embedder | undefined): Promise<Index> {
  const limit = (await embedder?.describe())?.maxTokensPerItem ?? Infinity;
  const maxTokens = Math.min(preferredTokens, Math.max(32, Math.floor(limit * shareOfLimit)));
  const chunker = await createChunker({ maxTokens });
  return defineIndex({
    name: collectionName,
    chunker,
    embedder,
    sparse: createBm25Encoder(),
    fields: kubernetesFields,
  });
}
