import { afterEach, describe, expect, test } from "vitest";
import {
  llamaServerMissing,
  startLlamaServer,
  type LlamaServer,
  type LlamaServerOptions,
} from "../../../../../tests/servers/llama-server.ts";
import { LlamaCppBackend } from "./llama-cpp-backend.ts";
import { LlamaCppEmbedder } from "./llama-cpp-embedder.ts";

const missing = await llamaServerMissing("own");
const because = missing === undefined ? "" : ` (skipped: ${missing})`;
const story = {
  messages: [{ role: "user" as const, content: "Tell me a very long story." }],
  maxTokens: 2000,
  temperature: 0,
};

describe.skipIf(missing !== undefined)(`a llama-server in trouble${because}`, () => {
  const servers: LlamaServer[] = [];
  // Never the server that the environment names, because these tests kill theirs.
  const start = async (options: LlamaServerOptions): Promise<LlamaServer> => {
    const server = await startLlamaServer({ args: ["--no-webui"], ...options });
    servers.push(server);
    return server;
  };
  afterEach(async () => {
    for (const server of servers.splice(0)) await server.close();
  });

  test("reports interrupted with the partial answer after a kill in mid-stream, then down and unreachable", async () => {
    const server = await start({ kind: "chat" });
    const backend = new LlamaCppBackend({ url: server.url, maxAttempts: 1 });
    let seen = "";
    const stream = backend.stream(story);
    const reading = (async () => {
      for await (const event of stream) {
        if (event.type !== "text") continue;
        seen += event.text;
        if (seen.length > 40) server.signal("SIGKILL");
      }
    })();
    const error = await reading.catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({
      kind: "interrupted",
      partial: { text: seen },
      retryable: true,
      replica: server.url,
    });
    await expect(stream.result).rejects.toBe(error);
    await expect(backend.generate(story)).rejects.toMatchObject({ kind: "unreachable", retryable: true });
    expect(await backend.health()).toMatchObject({ status: "down" });
    await backend.close();
  });

  test("ends by the idle timer when the server stops in mid-stream with its socket open", async () => {
    const server = await start({ kind: "chat" });
    const backend = new LlamaCppBackend({ url: server.url, idleTimeoutMs: 500 });
    const reading = (async () => {
      for await (const event of backend.stream(story)) if (event.type === "text") server.signal("SIGSTOP");
    })();
    await expect(reading).rejects.toMatchObject({ code: "timeout", phase: "idle", afterMs: 500 });
    expect(await backend.health({ deadlineAt: Date.now() + 300 })).toMatchObject({ status: "down" });
    server.signal("SIGCONT");
    expect(await backend.health()).toMatchObject({ status: "ok" });
    await backend.close();
  });

  test("ends by the first-token timer when the server stops before it answers", async () => {
    const server = await start({ kind: "chat" });
    const backend = new LlamaCppBackend({ url: server.url, firstTokenTimeoutMs: 300 });
    server.signal("SIGSTOP");
    await expect(backend.generate(story)).rejects.toMatchObject({ code: "timeout", phase: "first-token" });
    await backend.close();
  });

  test("reports degraded while the server loads, and waits for it with further attempts", async () => {
    const server = await start({ kind: "chat", whileLoading: true });
    const hasty = new LlamaCppBackend({ url: server.url, maxAttempts: 1 });
    const patient = new LlamaCppBackend({ url: server.url, maxAttempts: 20 });
    expect(await hasty.health()).toMatchObject({ status: "degraded", detail: "loading its model" });
    await expect(hasty.generate(story)).rejects.toMatchObject({ kind: "loading", retryable: true });
    expect(await patient.generate({ ...story, maxTokens: 3 })).toMatchObject({ finishReason: "length" });
    expect(await hasty.health()).toMatchObject({ status: "ok" });
    await Promise.all([hasty.close(), patient.close()]);
  });

  test("reports a wrong key as unauthorized without showing the key", async () => {
    const server = await start({ kind: "chat", args: ["--api-key", "right"] });
    const wrong = new LlamaCppBackend({ url: server.url, apiKey: "wrong-key" });
    const error = await wrong.generate(story).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ kind: "unauthorized", retryable: false });
    expect(JSON.stringify([String(error), error])).not.toContain("wrong-key");
    expect(await wrong.health()).toMatchObject({ status: "down" });
    const right = new LlamaCppBackend({ url: server.url, apiKey: "right" });
    expect(await right.health()).toMatchObject({ status: "ok" });
    expect(await right.generate({ ...story, maxTokens: 3 })).toMatchObject({ finishReason: "length" });
    await Promise.all([wrong.close(), right.close()]);
  });

  test("reports a server without --embeddings as unsupported, without a retry", async () => {
    const server = await start({ kind: "chat" });
    const embedder = new LlamaCppEmbedder({ url: server.url });
    await expect(embedder.describe()).rejects.toMatchObject({ kind: "unsupported", retryable: false });
    await embedder.close();
  });

  test("finds the physical batch as the limit when it is smaller than the context", async () => {
    const server = await start({ kind: "embed", args: ["-b", "128", "-ub", "128"] });
    const embedder = new LlamaCppEmbedder({ url: server.url });
    expect(await embedder.describe()).toMatchObject({ maxTokensPerItem: 128 });
    const { outcomes } = await embedder.embed(["tide ".repeat(126), "tide ".repeat(127)], {
      role: "document",
    });
    expect(outcomes).toEqual([expect.any(Float32Array), expect.objectContaining({ kind: "too-long" })]);
    await embedder.close();
  });

  test("asks for the server's facts again after a restart with another context", async () => {
    const first = await start({ kind: "chat" });
    const backend = new LlamaCppBackend({ url: first.url, maxAttempts: 1 });
    expect(await backend.capabilities()).toMatchObject({ contextTokens: 2048 });
    await first.close();
    await expect(backend.generate(story)).rejects.toMatchObject({ kind: "unreachable" });
    await start({ kind: "chat", args: ["-c", "1024", "-np", "1"], port: Number(new URL(first.url).port) });
    expect(await backend.capabilities()).toMatchObject({ contextTokens: 1024, slots: 1 });
    await backend.close();
  });
});
