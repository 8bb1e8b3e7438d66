import { LlamaCppBackend, LlamaCppEmbedder } from "@binnacle/inference/llama-cpp";
import { createBackendPool, createEmbedderPool } from "@binnacle/inference/pool";

const [main, spare] = ["http://127.0.0.1:8080", "http://127.0.0.1:8090"] as const;
const backend = createBackendPool({
  replicas: [
    { name: main, driver: new LlamaCppBackend({ url: main, maxAttempts: 1 }), continuesAnswers: true },
    { name: spare, driver: new LlamaCppBackend({ url: spare, maxAttempts: 1 }), tier: 1 }, // used if the first one cannot
  ],
});
const embedder = createEmbedderPool({
  replicas: [
    { name: "embed-1", driver: new LlamaCppEmbedder({ url: "http://127.0.0.1:8081", maxAttempts: 1 }) },
  ],
});

const request = { messages: [{ role: "user" as const, content: "Why do tides differ?" }] };
const { text, replica } = await backend.generate(request, { tenant: "harbour", priority: 1 });
console.log(text, replica);
for (const { name, state, inUse, limit } of backend.status().replicas) console.log(name, state, inUse, limit);
await Promise.all([backend.close(), embedder.close()]); // closes the drivers too
