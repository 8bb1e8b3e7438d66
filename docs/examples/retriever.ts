import {
  MemoryStore,
  createBm25Encoder,
  createChunker,
  createExtractiveAnswerer,
  createIndexer,
  createRetriever,
  defineIndex,
} from "@binnacle/retriever";

const store = new MemoryStore();
const index = defineIndex({
  name: "handbook",
  chunker: await createChunker(),
  sparse: createBm25Encoder(),
});
const { summary } = await createIndexer({ store, index }).upsert([
  { id: "keys", text: "Rotate the signing key once a year.", mediaType: "text/plain", metadata: {} },
]);
console.log(summary);

const retriever = createRetriever({ store, index });
const { answer } = await createExtractiveAnswerer({ retriever }).answer("When to rotate the signing key?");
console.log(answer);
await store.close();
