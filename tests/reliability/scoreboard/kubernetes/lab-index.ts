import type { Embedder } from "@binnacle/core";
import {
  createEstimatingTokenizer,
  createMarkdownChunker,
  defineIndex,
  type Index,
} from "@binnacle/retriever";

/** The part of the cluster that the killed processes follow. */
export const labSelection = {
  namespaces: { include: ["shop"] },
  kinds: { include: ["configmaps"] },
} as const;

/** Defines the index of the killed processes. */
export async function defineLabIndex(embedder: Embedder): Promise<Index> {
  const chunker = await createMarkdownChunker({ tokenizer: createEstimatingTokenizer() });
  return defineIndex({ name: "lab", chunker, embedder });
}
