import type { Embedder } from "@binnacle/core";
import {
  createBm25Encoder,
  createChunker,
  createIndexer,
  defineIndex,
  MemoryStore,
  type Index,
} from "@binnacle/retriever";
import type { Corpus } from "./corpora.ts";

/** A store with the indexed documents of a corpus. */
export interface IndexedCorpus {
  readonly store: MemoryStore;
  readonly index: Index;
  readonly points: number;
}

/** Indexes a corpus with the defaults, and with vectors if there is an embedder. */
export async function indexCorpus({ source }: Corpus, embedder?: Embedder): Promise<IndexedCorpus> {
  const store = new MemoryStore();
  const chunker = await createChunker();
  const index = defineIndex({ name: "pages", chunker, embedder, sparse: createBm25Encoder() });
  const report = await createIndexer({ store, index }).sync(source);
  report.throwIfFailed();
  return { store, index, points: await store.collection(index.name).count() };
}
