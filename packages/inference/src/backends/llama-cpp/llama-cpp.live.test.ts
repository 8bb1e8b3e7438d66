import { embedderContract, inferenceBackendContract } from "@binnacle/core/testing";
import { afterAll, beforeAll, describe, test } from "vitest";
import {
  llamaServerMissing,
  startLlamaServer,
  type LlamaServer,
} from "../../../../../tests/servers/llama-server.ts";
import { createBackend, createEmbedder } from "./fixtures/subjects.ts";

const missing = await llamaServerMissing();
const because = missing === undefined ? "" : ` (skipped: ${missing})`;

describe.skipIf(missing !== undefined)(`llama-server${because}`, () => {
  let chat: LlamaServer;
  let embed: LlamaServer;
  beforeAll(async () => {
    chat = await startLlamaServer({ kind: "chat" });
    embed = await startLlamaServer({ kind: "embed" });
  });
  afterAll(() => Promise.all([chat.close(), embed.close()]));

  for (const { name, run } of inferenceBackendContract(() => createBackend(chat.url)))
    test(`${name} (T12)`, run);
  for (const { name, run } of embedderContract(() => createEmbedder(embed.url)))
    test(`${name}, as an embedder (T18)`, run);
});
