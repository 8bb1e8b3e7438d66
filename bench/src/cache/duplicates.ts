import { MemoryCache } from "@binnacle/retriever";
import { langchainSide, ourSide } from "./cache-sides.ts";

/** The dimensions do not matter for counting calls. */
const DIMENSIONS = 768;

/** Equal texts in one call, on both sides. */
export interface Duplicates {
  readonly texts: number;
  readonly distinct: number;
  readonly oursEmbedded: number;
  readonly langchainEmbedded: number;
  /** Calls of the model for 50 equal queries at the same time. */
  readonly ourQueryCalls: number;
  readonly langchainQueryCalls: number;
}

/**
 * Counts the model's inputs for 1,000 texts, 300 of them distinct, and for 50 equal queries at the same time.
 */
export async function measureDuplicates(texts: readonly string[]): Promise<Duplicates> {
  const distinct = texts.slice(0, 300);
  const asked = Array.from({ length: 1_000 }, (_, i) => distinct[i % distinct.length] ?? "");
  const [documents, queries] = [
    ourSide(new MemoryCache(), DIMENSIONS),
    ourSide(new MemoryCache(), DIMENSIONS),
  ];
  const [theirs, theirQueries] = [langchainSide(DIMENSIONS), langchainSide(DIMENSIONS)];
  await documents.embedder.embed(asked, { role: "document" });
  await theirs.embeddings.embedDocuments(asked);
  const query = distinct[0] ?? "";
  const fifty = Array.from({ length: 50 }, () => query);
  await Promise.all(fifty.map((text) => queries.embedder.embed([text], { role: "query" })));
  await Promise.all(fifty.map((text) => theirQueries.embeddings.embedQuery(text)));
  return {
    texts: asked.length,
    distinct: new Set(asked).size,
    oursEmbedded: documents.model.texts,
    langchainEmbedded: theirs.model.texts,
    ourQueryCalls: queries.model.texts,
    langchainQueryCalls: theirQueries.model.texts,
  };
}
