import { embedderContract, inferenceBackendContract } from "@binnacle/core/testing";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import {
  llamaServerMissing,
  startLlamaServer,
  type LlamaServer,
} from "../../../../../tests/servers/llama-server.ts";
import { LlamaCppBackend } from "./llama-cpp-backend.ts";
import { LlamaCppEmbedder } from "./llama-cpp-embedder.ts";

const missing = await llamaServerMissing();
const because = missing === undefined ? "" : ` (skipped: ${missing})`;
let chat: LlamaServer;
let embed: LlamaServer;

describe.skipIf(missing !== undefined)(`llama-server${because}`, () => {
  beforeAll(async () => {
    [chat, embed] = await Promise.all([
      startLlamaServer({ kind: "chat" }),
      startLlamaServer({ kind: "embed" }),
    ]);
  });
  afterAll(() => Promise.all([chat, embed].map((server) => server.close())));

  for (const { name, run } of inferenceBackendContract(() =>
    Promise.resolve(new LlamaCppBackend({ url: chat.url })),
  ))
    test(`T12: a real llama-server ${name}`, run);
  for (const { name, run } of embedderContract(() =>
    Promise.resolve(new LlamaCppEmbedder({ url: embed.url })),
  ))
    test(`T18: a real embedding server ${name}`, run);
  test("x", async () => {
    console.log(
      await new LlamaCppBackend({ url: chat.url }).capabilities(),
      await new LlamaCppEmbedder({ url: embed.url }).describe(),
    );
    expect(1).toBe(1);
  });
});
