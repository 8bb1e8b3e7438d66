// One collection, several customers. A tenant never sees the documents, scores or word counts of another tenant.
// Run it: node --conditions=@binnacle/source examples/tenants.ts
import { BinnacleError } from "@binnacle/core";
import { createBm25Encoder, createChunker, createExtractiveAnswerer } from "@binnacle/retriever";
import { createIndexer, createRetriever, defineIndex, MemoryStore } from "@binnacle/retriever";

const store = new MemoryStore();
const index = defineIndex({
  name: "customers",
  chunker: await createChunker(),
  sparse: createBm25Encoder(),
  tenancy: "required",
});

const checkOut = new Map([
  ["hotel-anna", "Check-out is at 10:00."],
  ["hotel-bela", "Check-out is at 12:00."],
]);
for (const [tenant, text] of checkOut) {
  const indexer = createIndexer({ store, index, tenant });
  await indexer.upsert([{ id: "house-rules", text, metadata: {} }]);
}

// In an app the tenant comes from the session, never from the request's body.
for (const tenant of checkOut.keys()) {
  const answerer = createExtractiveAnswerer({ retriever: createRetriever({ store, index, tenant }) });
  const { answer } = await answerer.answer("When is check-out?");
  console.log(`${tenant}: ${answer}`);
}

try {
  await createRetriever({ store, index }).retrieve("When is check-out?");
} catch (error) {
  if (!BinnacleError.isInstance(error)) throw error;
  console.log(`without a tenant: ${error.code}`);
}
await store.close();
