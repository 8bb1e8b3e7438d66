import type { CallOptions, CollectionInfo, SparseEncoder, VectorStore } from "@binnacle/core";
import type { Index } from "../indexing/options/define-index.ts";

/**
 * Returns the encoder by whose terms a retrieval is judged. Undefined if the index has none, the collection
 * has no vectors of it, or the store has no term statistics.
 */
export async function termEncoder(
  store: VectorStore,
  { sparse: stored }: CollectionInfo,
  { sparse }: Index,
  call: CallOptions,
): Promise<SparseEncoder | undefined> {
  if (sparse === undefined || stored?.encoderId !== sparse.id) return undefined;
  const { sparseStatistics } = await store.capabilities(call);
  return sparseStatistics === "none" ? undefined : sparse;
}
