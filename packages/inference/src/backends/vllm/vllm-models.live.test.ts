import { blameOf } from "@binnacle/core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { StartedServer } from "../../../../../tests/servers/start-server.ts";
import { startVllm, vllmMissing } from "../../../../../tests/servers/vllm/vllm.ts";
import { VllmBackend } from "./vllm-backend.ts";

const missing = await vllmMissing(["chat"]);
const because = missing === undefined ? "" : ` (skipped: ${missing})`;
const story = {
  messages: [{ role: "user" as const, content: "Tell me a very long story." }],
  maxTokens: 900,
  temperature: 0,
};

describe.skipIf(missing !== undefined)(`vLLM with SmolLM2${because}`, () => {
  let server: StartedServer;
  beforeAll(async () => (server = await startVllm({ kind: "chat" })), 300_000);
  afterAll(() => server.close());

  test("reports its model and answers from a given context (T11)", async () => {
    await using backend = new VllmBackend({ url: server.url });
    expect(await backend.capabilities()).toMatchObject({
      model: "smollm2-135m-instruct",
      contextTokens: 1024,
    });
    const content = "Context: The capital of Freedonia is Zubrowka.\nWhat is the capital of Freedonia?";
    const messages = [{ role: "user" as const, content }];
    const { text, usage } = await backend.generate({ messages, temperature: 0, maxTokens: 30 });
    expect(text).toContain("Zubrowka");
    expect(usage?.promptTokens).toBe(await backend.countTokens({ messages }));
  });

  test("ends the request when the reader leaves the loop (T47)", async () => {
    await using backend = new VllmBackend({ url: server.url });
    const running = async (): Promise<number> => {
      const text = await (await fetch(`${server.url}/metrics`)).text();
      return Number(/^vllm:num_requests_running\{[^}]*\} (\S+)$/m.exec(text)?.[1] ?? NaN);
    };
    for await (const event of backend.stream(story)) {
      if (event.type !== "text") continue;
      await expect.poll(running, { timeout: 10_000 }).toBe(1);
      break;
    }
    await expect.poll(running, { timeout: 10_000 }).toBe(0); // the whole story takes longer
  });

  test("reports an overload while the queue is full, and blames the load", async () => {
    await using backend = new VllmBackend({ url: server.url, maxAttempts: 1 });
    const controller = new AbortController();
    const calls = Array.from({ length: 20 }, () =>
      backend.generate(story, { signal: controller.signal }).catch((error: unknown) => error),
    );
    const first = await Promise.race(calls);
    controller.abort("enough");
    await Promise.all(calls);
    expect(first).toMatchObject({ kind: "overloaded", retryable: true });
    expect(blameOf(first)).toBe("load");
  });

  test("reports a prompt over the context as too long", async () => {
    await using backend = new VllmBackend({ url: server.url });
    const messages = [{ role: "user" as const, content: "word ".repeat(3000) }];
    await expect(backend.generate({ messages })).rejects.toMatchObject({
      kind: "too-long",
      retryable: false,
    });
  });
});
