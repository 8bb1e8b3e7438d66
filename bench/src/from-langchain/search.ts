import { MemoryVectorStore } from "@langchain/classic/vectorstores/memory";
import { Document } from "@langchain/core/documents";
import type { EmbeddingsInterface } from "@langchain/core/embeddings";
import { RecursiveCharacterTextSplitter } from "@langchain/textsplitters";

export async function search(embeddings: EmbeddingsInterface, question: string): Promise<void> {
  const splitter = RecursiveCharacterTextSplitter.fromLanguage("markdown", { chunkSize: 1_200 });
  const page = new Document({
    pageContent: "# Keys\n\nRotate the signing key every 90 days.",
    metadata: { source: "keys.md", team: "platform" },
  });
  const store = await MemoryVectorStore.fromDocuments(await splitter.splitDocuments([page]), embeddings);
  const retriever = store.asRetriever({
    k: 4,
    filter: ({ metadata }) => metadata["team"] === "platform",
  });
  for (const { pageContent, metadata } of await retriever.invoke(question))
    console.log(metadata["source"], pageContent);
}
