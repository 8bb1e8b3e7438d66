import { createBm25Encoder, createChunker, createIndexer, createRetriever } from "@binnacle/retriever";
import { defineIndex, MemoryStore } from "@binnacle/retriever";
import { toAISDK } from "@binnacle/retriever/ai-sdk";

const store = new MemoryStore();
const index = defineIndex({ name: "notes", chunker: await createChunker(), sparse: createBm25Encoder() });
await createIndexer({ store, index }).upsert([
  { id: "backups", text: "Backups are taken every night at 02:30.", metadata: {} },
]);
const search = toAISDK(createRetriever({ store, index }), {
  description: "Searches the notes of the operations team.",
});
// In an app: generateText({ model, prompt, tools: { search }, stopWhen: stepCountIs(3) })
console.log(await search.execute({ query: "When are backups taken?" }, {}));
