import { createBm25Encoder, createChunker, createIndexer, defineIndex } from "@binnacle/retriever";
import { SqliteStore } from "@binnacle/retriever/sqlite";

const store = new SqliteStore({ path: "durable.sqlite", synchronous: "full" });
const index = defineIndex({
  name: "handbook",
  chunker: await createChunker(),
  sparse: createBm25Encoder(),
});
await createIndexer({ store, index }).upsert([
  { id: "keys", text: "Rotate the signing key once a year.", metadata: {} },
]);
await store.close();
