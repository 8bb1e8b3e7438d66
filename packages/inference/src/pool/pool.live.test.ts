import { afterAll, beforeAll, describe, expect, test } from "vitest";
import {
  llamaServerMissing,
  startLlamaServer,
  type LlamaServer,
} from "../../../../tests/servers/llama-server.ts";
import { LlamaCppBackend } from "../backends/llama-cpp/index.ts";
import { createBackendPool, type BackendPool } from "./create-backend-pool.ts";

const missing = await llamaServerMissing("own");
const because = missing === undefined ? "" : ` (skipped: ${missing})`;
const story = {
  messages: [{ role: "user" as const, content: "Tell me a long story." }],
  maxTokens: 60,
  temperature: 0,
};

describe.skipIf(missing !== undefined)(`a pool of two llama-servers${because}`, () => {
  let servers: readonly [LlamaServer, LlamaServer];
  let pool: BackendPool;

  beforeAll(async () => {
    const args = ["--no-webui"];
    servers = [
      await startLlamaServer({ kind: "chat", args }),
      await startLlamaServer({ kind: "chat", args }),
    ];
    const [first, second] = servers.map(({ url }) => new LlamaCppBackend({ url, maxAttempts: 1 }));
    if (first === undefined || second === undefined) throw new Error("no server");
    pool = createBackendPool({
      replicas: [
        { name: "first", driver: first, continuesAnswers: true },
        { name: "second", driver: second, tier: 1, continuesAnswers: true },
      ],
      continueStreams: true,
      hedging: false,
    });
  }, 60_000);
  afterAll(async () => {
    await pool?.close();
    for (const server of servers ?? []) await server.close();
  });

  test("frees the slot within 50 ms of an abort in mid-stream", async () => {
    const controller = new AbortController();
    const reading = (async () => {
      for await (const event of pool.stream(story, { signal: controller.signal }))
        if (event.type === "text") controller.abort("left");
    })();
    await expect(reading).rejects.toBe("left");
    const startedAt = performance.now();
    while (pool.status().replicas.some(({ inUse }) => inUse > 0)) await new Promise(setImmediate);
    expect(performance.now() - startedAt).toBeLessThan(50);
  });

  test("continues a stream on the second server after a kill of the first in mid-stream (Q3)", async () => {
    let text = "";
    const stream = pool.stream(story);
    for await (const event of stream) {
      if (event.type !== "text") continue;
      if (text.length < 40 && text.length + event.text.length >= 40) servers[0].signal("SIGKILL");
      text += event.text;
    }
    expect((await stream.result).text).toBe(text);
    expect(text.length).toBeGreaterThan(100);
    expect(pool.status()).toMatchObject({
      retries: 1,
      replicas: [
        { failures: 1, inUse: 0 },
        { failures: 0, inUse: 0 },
      ],
    });
  }, 60_000);

  test("loses no call while the first server is dead, and ejects it (Q3)", async () => {
    const short = { ...story, maxTokens: 3 };
    const answers = await Promise.all(Array.from({ length: 4 }, () => pool.generate(short)));
    expect(answers.map(({ replica }) => replica)).toEqual(Array.from({ length: 4 }, () => servers[1].url));
    await expect.poll(() => pool.status().replicas[0]?.state).not.toBe("available");
  }, 60_000);
});
