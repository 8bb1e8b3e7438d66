import { createBm25Encoder, createChunker, createIndexer, createRetriever } from "@binnacle/retriever";
import { defineIndex, MemoryStore } from "@binnacle/retriever";
import { toLangChain } from "@binnacle/retriever/langchain";

const store = new MemoryStore();
const index = defineIndex({ name: "notes", chunker: await createChunker(), sparse: createBm25Encoder() });
await createIndexer({ store, index }).upsert([
  { id: "backups", text: "Backups are taken every night at 02:30.", metadata: {} },
]);
const retriever = toLangChain(createRetriever({ store, index }));
const documents = await retriever.invoke("When are backups taken?");
console.log(documents.map(({ pageContent, metadata }) => [metadata.documentId, pageContent]));
