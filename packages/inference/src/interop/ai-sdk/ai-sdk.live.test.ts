import { createOpenAICompatible } from "@ai-sdk/openai-compatible";
import { embedderContract, inferenceBackendContract } from "@binnacle/core/testing";
import { embedMany, generateText, streamText } from "ai";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import {
  llamaServerMissing,
  startLlamaServer,
  type LlamaServer,
} from "../../../../../tests/servers/llama-server.ts";
import { LlamaCppBackend } from "../../backends/llama-cpp/llama-cpp-backend.ts";
import { LlamaCppEmbedder } from "../../backends/llama-cpp/llama-cpp-embedder.ts";
import { fromAISDK } from "./from-ai-sdk.ts";
import { toAISDK } from "./to-ai-sdk.ts";

const missing = await llamaServerMissing();

describe.skipIf(missing !== undefined)(
  `a llama-server behind the AI SDK${missing === undefined ? "" : `: ${missing}`}`,
  () => {
    let chat: LlamaServer;
    let embed: LlamaServer;
    beforeAll(async () => {
      [chat, embed] = await Promise.all([
        startLlamaServer({ kind: "chat" }),
        startLlamaServer({ kind: "embed" }),
      ]);
    });
    afterAll(() => Promise.all([chat.close(), embed.close()]));
    const provider = (url: string) =>
      createOpenAICompatible({
        name: "llama",
        baseURL: `${url}/v1`,
        includeUsage: true,
        supportsStructuredOutputs: true,
      });

    describe("keeps the backend's contract through @ai-sdk/openai-compatible", () => {
      const create = async () => fromAISDK(provider(chat.url).chatModel("smollm2"), { tools: false });
      for (const { name, run } of inferenceBackendContract(create)) test(name, run);
    });

    describe("keeps the embedder's contract through @ai-sdk/openai-compatible", () => {
      const create = async () =>
        fromAISDK(provider(embed.url).embeddingModel("minilm"), { maxTokensPerItem: 512, maxItems: 16 });
      for (const { name, run } of embedderContract(create)) test(name, run);
    });

    test("gives the same vectors through the AI SDK as through its own driver", async () => {
      await using ours = new LlamaCppEmbedder({ url: embed.url });
      const texts = ["The harbour master keeps the tide tables.", "Bread rises in a warm kitchen."];
      const { outcomes } = await ours.embed(texts, { role: "document" });
      const { embeddings } = await embedMany({ model: toAISDK(ours), values: texts });
      expect(embeddings.map((vector) => Float32Array.from(vector))).toEqual(outcomes);
      const theirs = fromAISDK(provider(embed.url).embeddingModel("minilm"));
      const through = await theirs.embed(texts, { role: "document" });
      for (const [index, outcome] of through.outcomes.entries()) {
        if (!(outcome instanceof Float32Array)) throw outcome;
        const other = embeddings[index] ?? [];
        expect(outcome.reduce((sum, value, at) => sum + value * (other[at] ?? 0), 0)).toBeGreaterThan(0.999);
      }
    });

    test("answers `generateText` and `streamText` through its own driver", async () => {
      await using backend = new LlamaCppBackend({ url: chat.url });
      const call = {
        model: toAISDK(backend),
        prompt: "Count from one to five.",
        maxOutputTokens: 16,
        temperature: 0,
      };
      const { text, usage } = await generateText(call);
      expect(text).not.toBe("");
      expect(usage.outputTokens).toBeGreaterThan(0);
      const streamed: string[] = [];
      for await (const piece of streamText(call).textStream) streamed.push(piece);
      expect(streamed.join("")).toBe(text);
      expect(streamed.length).toBeGreaterThan(1);
    });
  },
);
