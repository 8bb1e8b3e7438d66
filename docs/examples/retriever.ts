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
const report = await createIndexer({ store, index }).upsert([
  { id: "keys", text: "Rotate the signing key once a year.", metadata: {} },
]);
console.log(report.throwIfFailed().summary);

const retriever = createRetriever({ store, index });
const { answer } = await createExtractiveAnswerer({ retriever }).answer("When to rotate the signing key?");
console.log(answer);
await store.close();
