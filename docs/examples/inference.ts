import { createCachedBackend } from "@binnacle/inference";
import { LlamaCppBackend } from "@binnacle/inference/llama-cpp";
import { MemoryCache } from "@binnacle/retriever";

const backend = new LlamaCppBackend({ url: "http://127.0.0.1:8080" });
const cached = createCachedBackend(backend, { cache: new MemoryCache() });
const request = { messages: [{ role: "user" as const, content: "Why do tides differ?" }], temperature: 0 };
console.log((await cached.generate(request)).text);
console.log((await cached.generate(request)).cachedForMs); // a number: the model was not asked again
await cached.close();
await backend.close();
