import { OpenAIBackend } from "@binnacle/inference/openai";
import { OpenAI } from "openai";

const local = new OpenAIBackend({ baseUrl: "http://127.0.0.1:8000/v1", model: "qwen3" });
const hosted = new OpenAIBackend({ client: new OpenAI(), model: "gpt-5-mini" }); // the app's own client

const question = { messages: [{ role: "user" as const, content: "Why do tides differ?" }] };
console.log((await local.generate(question)).text, (await hosted.generate(question)).text);
await Promise.all([local.close(), hosted.close()]);
