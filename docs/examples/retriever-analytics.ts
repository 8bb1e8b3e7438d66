import { FakeEmbedder } from "@binnacle/core/testing";
import { clusterCollection, createSearchLog, logSearches } from "@binnacle/retriever/analytics";
import {
  MemoryStore,
  createIndexer,
  createRetriever,
  createTextChunker,
  defineIndex,
} from "@binnacle/retriever";

const store = new MemoryStore();
const embedder = new FakeEmbedder(); // in an app: LlamaCppEmbedder, OpenAIEmbedder, …
const index = defineIndex({ name: "notes", chunker: await createTextChunker(), embedder });
const notes = ["rotate the signing key", "signing key expired", "bake the bread", "knead the bread dough"];
await createIndexer({ store, index }).upsert(
  notes.map((text, at) => ({ id: `${at}.txt`, text, mediaType: "text/plain", metadata: {} })),
);

const { clusters } = await clusterCollection(store.collection("notes"), { clusters: 2 });
for (const { size, terms } of clusters) console.log(size, terms);

const log = createSearchLog();
const retriever = logSearches(createRetriever({ store, index }), { log, user: "ada" });
await retriever.retrieve("signing key");
const { searches, zeroHitRate, popular } = log.summary();
console.log(searches, zeroHitRate, popular[0]?.query);
