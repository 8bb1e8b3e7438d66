import { FakeEmbedder } from "@binnacle/core/testing";
import { MemoryStore } from "@binnacle/retriever";
import { createKnowledge, formatPractices } from "@binnacle/retriever/knowledge";

const store = new MemoryStore(); // or a SqliteStore, or a QdrantStore
const knowledge = createKnowledge({ store, embedder: new FakeEmbedder() });
const query = "How do I rotate the signing key?";
const user = { user: "u-17", consent: true };
await knowledge.learn({ ...user, query, response: "Run `keys rotate` on the primary node." }, 1);
await knowledge.learn({ ...user, query, response: "Please read the manual." }, -1);

const improvement = await knowledge.improve("rotate the signing key");
console.log(
  improvement.practices.map(({ response }) => response),
  improvement.rejected,
);
console.log(formatPractices(improvement)); // add it to the system message
await store.close();
