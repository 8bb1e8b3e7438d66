import { LlamaCppBackend, LlamaCppEmbedder } from "@binnacle/inference/llama-cpp";

const embedder = new LlamaCppEmbedder({ url: "http://127.0.0.1:8081" });
const { outcomes } = await embedder.embed(["High water at noon."], { role: "document" });
console.log(outcomes.length);

const backend = new LlamaCppBackend({ url: "http://127.0.0.1:8080" });
const stream = backend.stream({ messages: [{ role: "user", content: "Why do tides differ?" }] });
for await (const event of stream) if (event.type === "text") process.stdout.write(event.text);
await Promise.all([backend.close(), embedder.close()]);
