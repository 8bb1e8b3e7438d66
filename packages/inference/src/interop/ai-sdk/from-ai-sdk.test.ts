import { APICallError, type LanguageModelV4StreamPart } from "@ai-sdk/provider";
import type { GenerateRequest } from "@binnacle/core";
import {
  embedderContract,
  FakeEmbedder,
  FakeInferenceBackend,
  inferenceBackendContract,
} from "@binnacle/core/testing";
import { MockEmbeddingModelV4, MockLanguageModelV4 } from "ai/test";
import { describe, expect, test } from "vitest";
import { createBatchingEmbedder } from "../../batching/create-batching-embedder.ts";
import { fromAISDK } from "./from-ai-sdk.ts";
import { toAISDK } from "./to-ai-sdk.ts";

const raw = (value: unknown): ReturnType<typeof JSON.parse> => value;
const usage = {
  inputTokens: { total: 7, noCache: 4, cacheRead: 3, cacheWrite: undefined },
  outputTokens: { total: 4, text: 4, reasoning: undefined },
};
const words = ["one", " two", " three", " four"];
const fakeBackend = () => new FakeInferenceBackend({ replies: ["one two three four five"] });
const plain: GenerateRequest = { messages: [{ role: "user", content: "Count." }] };

type Part = LanguageModelV4StreamPart;
const finish = (unified: "stop" | "length" | "tool-calls" | "error" | "other"): Part => ({
  type: "finish",
  finishReason: { unified, raw: unified },
  usage,
});

/** The AI SDK's own mock, with an answer of a few words that ends with an abort. */
function mockModel(parts?: readonly Part[]): MockLanguageModelV4 {
  return new MockLanguageModelV4({
    provider: "mock",
    modelId: "m",
    doGenerate: async () => ({
      content: [{ type: "text", text: "Hi" }],
      finishReason: { unified: "stop", raw: "stop" },
      usage,
      warnings: [],
    }),
    doStream: async ({ maxOutputTokens, responseFormat, tools, abortSignal }) => {
      const answer = parts ?? answerOf({ maxOutputTokens, isJson: responseFormat?.type === "json", tools });
      return { stream: ReadableStream.from(slowly(answer, abortSignal)) };
    },
  });
}

function answerOf(call: {
  maxOutputTokens?: number | undefined;
  isJson: boolean;
  tools?: unknown;
}): readonly Part[] {
  const beginning: Part[] = [
    { type: "stream-start", warnings: [] },
    { type: "response-metadata", modelId: "m-2026" },
    { type: "text-start", id: "0" },
  ];
  if (Array.isArray(call.tools)) {
    const input = { type: "tool-input-start", id: "c1", toolName: "weather" } as const;
    const deltas = ['{"city"', ':"Oslo"}'].map(
      (delta) => ({ type: "tool-input-delta", id: "c1", delta }) as const,
    );
    const whole = {
      type: "tool-call",
      toolCallId: "c1",
      toolName: "weather",
      input: '{"city":"Oslo"}',
    } as const;
    return [
      ...beginning,
      input,
      ...deltas,
      { type: "tool-input-end", id: "c1" },
      whole,
      finish("tool-calls"),
    ];
  }
  const texts = call.isJson ? ['{"answer"', ":true}"] : words.slice(0, call.maxOutputTokens);
  const deltas = texts.map((delta) => ({ type: "text-delta", id: "0", delta }) as const);
  const isCut = !call.isJson && texts.length < words.length;
  return [...beginning, ...deltas, { type: "text-end", id: "0" }, finish(isCut ? "length" : "stop")];
}

async function* slowly(parts: readonly Part[], signal?: AbortSignal): AsyncGenerator<Part> {
  for (const part of parts) {
    await new Promise((resolve) => setImmediate(resolve));
    signal?.throwIfAborted();
    yield part;
  }
}

/** The AI SDK's own mock over the vectors of the fake embedder. */
function mockEmbedder(): MockEmbeddingModelV4 {
  const fake = new FakeEmbedder();
  return new MockEmbeddingModelV4({
    provider: "mock",
    modelId: "e",
    maxEmbeddingsPerCall: 5,
    supportsParallelCalls: true,
    doEmbed: async ({ values, abortSignal }) => {
      abortSignal?.throwIfAborted();
      const { outcomes } = await fake.embed(values, { role: "document" });
      const embeddings = outcomes.map((one) => (one instanceof Float32Array ? [...one] : []));
      return { embeddings, usage: { tokens: values.length }, warnings: [] };
    },
  });
}

describe("fromAISDK with a language model keeps the backend's contract", () => {
  for (const { name, run } of inferenceBackendContract(async () => fromAISDK(mockModel()))) test(name, run);
});

describe("fromAISDK with an embedding model keeps the embedder's contract", () => {
  for (const { name, run } of embedderContract(async () => fromAISDK(mockEmbedder()))) test(name, run);
});

describe("toAISDK and fromAISDK together keep the backend's contract", () => {
  const create = async () => fromAISDK(toAISDK(fakeBackend()), { tools: false, jsonSchema: false });
  for (const { name, run } of inferenceBackendContract(create)) test(name, run);
});

describe("toAISDK and fromAISDK together keep the embedder's contract", () => {
  const create = async () => fromAISDK(toAISDK(new FakeEmbedder()));
  for (const { name, run } of embedderContract(create)) test(name, run);
});

describe("fromAISDK", () => {
  test("passes on the request, and returns text, tool calls, usage and the provider's model", async () => {
    const model = mockModel();
    const backend = fromAISDK(model);
    const request: GenerateRequest = {
      messages: [
        { role: "system", content: "Be brief." },
        { role: "user", content: [{ type: "text", text: "Weather?" }] },
        {
          role: "assistant",
          content: "",
          toolCalls: [{ id: "c0", name: "weather", arguments: '{"city":"Rome"}' }],
        },
        { role: "tool", toolCallId: "c0", content: "sunny" },
      ],
      tools: [{ name: "weather", description: "Tells the weather.", parameters: { type: "object" } }],
      toolChoice: { name: "weather" },
      temperature: 0,
      stop: ["END"],
      seed: 7,
    };
    const generation = await backend.generate(request, { requestId: "r1" });
    expect(generation).toMatchObject({
      text: "",
      toolCalls: [{ id: "c1", name: "weather", arguments: '{"city":"Oslo"}' }],
      finishReason: "tool-calls",
      usage: { promptTokens: 7, completionTokens: 4, cachedTokens: 3 },
      model: "m-2026",
      replica: "mock/m",
    });
    expect(model.doStreamCalls[0]).toMatchObject({
      prompt: [
        { role: "system", content: "Be brief." },
        { role: "user", content: [{ type: "text", text: "Weather?" }] },
        { role: "assistant", content: [{ type: "tool-call", toolCallId: "c0", input: { city: "Rome" } }] },
        {
          role: "tool",
          content: [{ toolCallId: "c0", toolName: "weather", output: { type: "text", value: "sunny" } }],
        },
      ],
      toolChoice: { type: "tool", toolName: "weather" },
      stopSequences: ["END"],
      seed: 7,
      headers: { "x-request-id": "r1" },
    });
  });

  test("classifies the provider's failures by cause, and retries those that may pass", async () => {
    const failing = (statusCode: number, responseBody: string) => {
      let calls = 0;
      const model = mockModel();
      model.doStream = async () => {
        calls += 1;
        const url = "http://a";
        throw new APICallError({ message: "failed", url, requestBodyValues: {}, statusCode, responseBody });
      };
      return { backend: fromAISDK(model, { maxAttempts: 2 }), calls: () => calls };
    };
    const tooLong = failing(400, '{"error":{"message":"maximum context length is 8 tokens"}}');
    await expect(tooLong.backend.generate(plain)).rejects.toMatchObject({
      kind: "too-long",
      retryable: false,
    });
    expect(tooLong.calls()).toBe(1);
    const busy = failing(503, "queue is full");
    await expect(busy.backend.generate(plain)).rejects.toMatchObject({
      kind: "overloaded",
      attempts: [{ replica: "mock/m" }, { replica: "mock/m" }],
    });
    expect(busy.calls()).toBe(2);
  });

  test("throws for an error inside the stream, with the partial text, and for a stream without its end", async () => {
    const [start, one]: Part[] = [
      { type: "stream-start", warnings: [] },
      { type: "text-delta", id: "0", delta: "one" },
    ];
    const run = (...parts: Part[]) => fromAISDK(mockModel(parts), { maxAttempts: 1 }).generate(plain);
    if (start === undefined || one === undefined) throw new Error("no parts");
    const partial = { text: "one" };
    await expect(run(start, one, { type: "error", error: "boom" })).rejects.toMatchObject({
      kind: "server",
      partial,
    });
    await expect(run(start, one)).rejects.toMatchObject({ kind: "interrupted", partial });
    await expect(run(start, one, finish("error"))).rejects.toMatchObject({ kind: "server", partial });
    expect(await run(start, one, finish("other"))).toMatchObject({ text: "one", finishReason: "stop" });
  });

  test("refuses a setting that the provider warns it ignores, another model, and an older version", async () => {
    const warning: Part = { type: "stream-start", warnings: [{ type: "unsupported", feature: "seed" }] };
    const backend = fromAISDK(mockModel([warning, finish("stop")]));
    await expect(backend.generate(plain)).rejects.toMatchObject({ code: "unsupported", capability: "seed" });
    await expect(backend.generate({ ...plain, model: "big" })).rejects.toThrow(
      /asks only "m", got model "big"/,
    );
    expect(() => fromAISDK(raw({ ...mockEmbedder(), specificationVersion: "v2", doEmbed: () => 0 }))).toThrow(
      /v4/,
    );
    expect(() => fromAISDK(raw({}))).toThrow(/expected a language model or an embedding model/);
  });

  test("reports an unreachable provider as down", async () => {
    const model = mockModel();
    model.doGenerate = async () => {
      throw new APICallError({
        message: "refused",
        url: "http://a",
        requestBodyValues: {},
        isRetryable: true,
      });
    };
    expect(await fromAISDK(model).health()).toMatchObject({
      status: "down",
      detail: expect.stringMatching(/refused/),
    });
  });

  test("keeps to the model's own limits, and combines with the batching embedder", async () => {
    const model = mockEmbedder();
    const embedder = createBatchingEmbedder(fromAISDK(model, { queryPrefix: "query: ", model: "e5" }));
    const { space, maxItems } = await embedder.describe();
    expect([space.id, maxItems]).toEqual(['e5;pooling=model;query="query: ";l2;64', 5]);
    await Promise.all(
      ["a", "b", "c", "d", "e", "f"].map((text) => embedder.embed([text], { role: "query" })),
    );
    expect(model.doEmbedCalls.slice(1).map(({ values }) => values.length)).toEqual([5, 1]);
    expect(model.doEmbedCalls[1]?.values[0]).toBe("query: a");
  });
});
