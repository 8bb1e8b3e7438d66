import { toLangChain } from "@binnacle/inference/langchain";
import { LlamaCppBackend, LlamaCppEmbedder } from "@binnacle/inference/llama-cpp";

await using backend = new LlamaCppBackend({ url: "http://127.0.0.1:8080" });
const message = await toLangChain(backend).invoke("Why do tides differ?");
console.log(message.text);

await using embedder = new LlamaCppEmbedder({ url: "http://127.0.0.1:8081" });
const vector = await toLangChain(embedder).embedQuery("Why do tides differ?");
console.log(vector.length);
