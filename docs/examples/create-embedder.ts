import { MemoryStore, createChunker, createEmbedder, createIndexer, defineIndex } from "@binnacle/retriever";

const letters = [..."abcdefghijklmnopqrstuvwxyz"];
const embedder = createEmbedder({
  id: "letters@1",
  dimensions: letters.length,
  // In an app: a call of your provider's client. This function counts letters.
  embed: async (texts) => texts.map((text) => letters.map((letter) => text.split(letter).length - 1)),
});

const store = new MemoryStore();
const index = defineIndex({ name: "handbook", chunker: await createChunker(), embedder });
const report = await createIndexer({ store, index }).upsert([
  { id: "keys", text: "Rotate the signing key once a year.", metadata: {} },
]);
console.log(report.throwIfFailed().summary);
await store.close();
