import { createOpenAICompatible } from "@ai-sdk/openai-compatible";
import { fromAISDK, toAISDK } from "@binnacle/inference/ai-sdk";
import { LlamaCppBackend } from "@binnacle/inference/llama-cpp";
import { generateText } from "ai";

// A model of the AI SDK as a backend.
const provider = createOpenAICompatible({ name: "local", baseURL: "http://127.0.0.1:8080/v1" });
const foreign = fromAISDK(provider("chat"));
const answer = await foreign.generate({ messages: [{ role: "user", content: "Why do tides differ?" }] });
console.log(answer.text);

// A backend as a model of the AI SDK.
await using backend = new LlamaCppBackend({ url: "http://127.0.0.1:8080" });
const { text } = await generateText({ model: toAISDK(backend), prompt: "Why do tides differ?" });
console.log(text);
