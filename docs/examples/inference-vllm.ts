import { VllmBackend, VllmEmbedder, VllmReranker } from "@binnacle/inference/vllm";

const embedder = new VllmEmbedder({ url: "http://127.0.0.1:8001" });
const { outcomes } = await embedder.embed(["High water at noon."], { role: "document" });
console.log(outcomes.length);

const reranker = new VllmReranker({ url: "http://127.0.0.1:8002" });
console.log(await reranker.rerank("When is high water?", ["High water at noon.", "Bread rises."]));

const backend = new VllmBackend({ url: "http://127.0.0.1:8000" });
const stream = backend.stream({ messages: [{ role: "user", content: "Why do tides differ?" }] });
for await (const event of stream) if (event.type === "text") process.stdout.write(event.text);
await Promise.all([backend.close(), embedder.close(), reranker.close()]);
