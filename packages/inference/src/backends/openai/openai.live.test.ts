import { embedderContract, inferenceBackendContract } from "@binnacle/core/testing";
import { OpenAI } from "openai";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import {
  llamaServerMissing,
  startLlamaServer,
  type LlamaServer,
} from "../../../../../tests/servers/llama-server.ts";
import { createBackend, createEmbedder } from "./fixtures/subjects.ts";
import { OpenAIBackend } from "./openai-backend.ts";
import { OpenAIEmbedder } from "./openai-embedder.ts";

const missing = await llamaServerMissing("own");
const because = missing === undefined ? "" : ` (skipped: ${missing})`;
const model = "smollm2-135m-instruct";
const story = {
  messages: [{ role: "user" as const, content: "Tell me a very long story." }],
  maxTokens: 2000,
  temperature: 0,
};

describe.skipIf(missing !== undefined)(`an OpenAI-compatible server${because}`, () => {
  let chat: LlamaServer;
  let embed: LlamaServer;
  beforeAll(async () => {
    chat = await startLlamaServer({ kind: "chat", args: ["--no-webui"] });
    embed = await startLlamaServer({ kind: "embed", args: ["--no-webui"] });
  });
  afterAll(() => Promise.all([chat.close(), embed.close()]));

  for (const { name, run } of inferenceBackendContract(() => createBackend(chat.url)))
    test(`${name} (T18)`, run);
  for (const { name, run } of embedderContract(() => createEmbedder(embed.url)))
    test(`${name}, as an embedder (T18)`, run);

  test("works with an app's own client and has the same space as a connection by address", async () => {
    const client = new OpenAI({ baseURL: `${embed.url}/v1`, apiKey: "none" });
    const own = new OpenAIEmbedder({ client, model: "all-MiniLM-L6-v2" });
    const addressed = new OpenAIEmbedder({ baseUrl: `${embed.url}/v1`, model: "all-MiniLM-L6-v2" });
    const result = await own.embed(["tides"], { role: "query" });
    expect(result).toEqual(await addressed.embed(["tides"], { role: "query" }));
    expect(result.outcomes[0]).toHaveLength(384);
    await own.close();
    expect((await client.models.list()).data[0]?.id).toBe("all-MiniLM-L6-v2");
  });

  test("reports interrupted with the partial answer after a kill in mid-stream", async () => {
    const server = await startLlamaServer({ kind: "chat", args: ["--no-webui"] });
    const backend = new OpenAIBackend({ baseUrl: `${server.url}/v1`, model, maxAttempts: 1 });
    let seen = "";
    const reading = (async () => {
      for await (const event of backend.stream(story)) {
        if (event.type !== "text") continue;
        seen += event.text;
        if (seen.length > 40) server.signal("SIGKILL");
      }
    })();
    const error = await reading.catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ kind: "interrupted", partial: { text: seen }, retryable: true });
    await expect(backend.generate(story)).rejects.toMatchObject({ kind: "unreachable" });
    await server.close();
  });

  test("ends by the idle timer a stopped stream that the openai package would wait for", async () => {
    const server = await startLlamaServer({ kind: "chat", args: ["--no-webui"] });
    const backend = new OpenAIBackend({ baseUrl: `${server.url}/v1`, model, idleTimeoutMs: 500 });
    const reading = (async () => {
      for await (const event of backend.stream(story)) if (event.type === "text") server.signal("SIGSTOP");
    })();
    await expect(reading).rejects.toMatchObject({ code: "timeout", phase: "idle" });
    await server.close();
  });
});
