import type { ChatMessage, GenerateRequest } from "@binnacle/core";
import { FakeInferenceBackend } from "@binnacle/core/testing";
import { expect, test } from "vitest";
import { createRetriever } from "../../retrieval/create-retriever.ts";
import { indexed, textDocument } from "../../retrieval/fixtures/indexed.ts";
import { createAnswerer } from "../create-answerer.ts";

const question = "How do I rotate the signing key?";
const textOf = (messages: readonly ChatMessage[]): string =>
  messages.map(({ content }) => (typeof content === "string" ? content : "")).join("\n");

const long = Array.from({ length: 40 }, (_, i) =>
  textDocument(`${i}.txt`, `Signing key rule ${i}: rotate it. ${"filler ".repeat(12)}`),
);

test("fits the prompt into the model's window as the server counts it", async () => {
  const crowd = await indexed(long);
  const words = ({ messages }: GenerateRequest): number => textOf(messages).split(/\s+/).length;
  for (const contextTokens of [200, 300, 600]) {
    const capabilities = { contextTokens };
    const backend = new FakeInferenceBackend({ replies: ["Yes [1]."], capabilities, countTokens: words });
    const answerer = createAnswerer({
      retriever: createRetriever({ ...crowd, limit: 20 }),
      backend,
      maxTokens: 50,
    });
    const { sources, trace } = await answerer.answer(question);
    expect(words({ messages: trace.messages })).toBeLessThanOrEqual(contextTokens - 50);
    expect(sources.length).toBeGreaterThan(0);
    expect(trace.context.cut.length).toBeGreaterThan(0);
  }
});

test("fills the window even if the model counts three times as many tokens as the estimate", async () => {
  const crowd = await indexed(long);
  const backend = new FakeInferenceBackend({
    replies: ["Yes [1]."],
    capabilities: { contextTokens: 4096 },
    countTokens: ({ messages }) => Math.ceil(textOf(messages).length / 1.2),
  });
  const answerer = createAnswerer({
    retriever: createRetriever({ ...crowd, limit: 40 }),
    backend,
    maxTokens: 400,
  });
  const { trace } = await answerer.answer(question);
  const tokens = Math.ceil(textOf(trace.messages).length / 1.2);
  expect(tokens).toBeLessThanOrEqual(4096 - 400);
  expect(tokens).toBeGreaterThan((4096 - 400) * 0.8);
});

test("rejects a question that leaves no room for any source, before it asks the model", async () => {
  const backend = new FakeInferenceBackend({ replies: ["Yes."], capabilities: { contextTokens: 60 } });
  const retriever = createRetriever(await indexed(long.slice(0, 3)));
  const answerer = createAnswerer({ retriever, backend, maxTokens: 50 });
  await expect(answerer.answer(question)).rejects.toMatchObject({ code: "inference_too_long" });
  expect(backend.requests).toEqual([]);
});

test("asks the model server for a count only if the prompt may be longer than the window", async () => {
  const crowd = await indexed(long);
  const countsIn = async (contextTokens: number): Promise<number> => {
    let counts = 0;
    const backend = new FakeInferenceBackend({
      replies: ["Yes [1]."],
      capabilities: { contextTokens },
      countTokens: () => ++counts,
    });
    const answerer = createAnswerer({ retriever: createRetriever(crowd), backend, maxTokens: 50 });
    await answerer.answer(question);
    return counts;
  };
  expect(await countsIn(32_768)).toBe(0);
  expect(await countsIn(600)).toBe(1);
});
