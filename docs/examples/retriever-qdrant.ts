import { QdrantStore } from "@binnacle/retriever/qdrant";

const store = new QdrantStore({ url: "http://localhost:6333", collections: { quantization: "int8" } });
console.log((await store.capabilities()).fences); // "detected"
await store.close();
