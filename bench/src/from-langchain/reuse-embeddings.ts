import type { Embedder } from "@binnacle/core";
import { createEmbedder } from "@binnacle/retriever";
import type { EmbeddingsInterface } from "@langchain/core/embeddings";

export function fromEmbeddings(embeddings: EmbeddingsInterface, id: string, dimensions: number): Embedder {
  return createEmbedder({
    id, // the model's name and revision
    dimensions,
    embed: (texts, { role }) =>
      role === "query"
        ? Promise.all(texts.map((text) => embeddings.embedQuery(text)))
        : embeddings.embedDocuments([...texts]),
  });
}
