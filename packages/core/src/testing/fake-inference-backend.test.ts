import { describe, expect, test } from "vitest";
import type { GenerateRequest } from "../spec/generate-request.ts";
import { FakeInferenceBackend } from "./fake-inference-backend.ts";
import { inferenceBackendContract } from "./inference-backend-contract/inference-backend-contract.ts";

const request: GenerateRequest = { messages: [{ role: "user", content: "Hi" }] };

const plain = (): FakeInferenceBackend =>
  new FakeInferenceBackend({ replies: (asked) => `you said ${JSON.stringify(asked.messages)}` });
const able = (): FakeInferenceBackend =>
  new FakeInferenceBackend({
    replies: ({ jsonSchema, grammar, tools }) => {
      if (tools !== undefined)
        return { text: "", toolCalls: [{ id: "1", name: "weather", arguments: '{"city":"Oslo"}' }] };
      if (grammar !== undefined) return "yes";
      return jsonSchema === undefined ? "one two three" : '{"answer":true}';
    },
    capabilities: {
      vision: true,
      jsonSchema: true,
      tools: true,
      namedToolChoice: true,
      logprobs: true,
      grammars: ["gbnf", "ebnf", "regex", "choice"],
    },
    countTokens: ({ messages }) => messages.length,
  });

describe.each([["without capabilities", plain] as const, ["with all capabilities", able] as const])(
  "FakeInferenceBackend %s",
  (_, create) => {
    for (const { name, run } of inferenceBackendContract(() => Promise.resolve(create()))) test(name, run);
  },
);

test("replies in order, repeats the last reply, and records every request", async () => {
  const backend = new FakeInferenceBackend({ replies: ["one", { text: "two", reasoning: "hm" }] });
  expect(await backend.generate(request)).toEqual({ text: "one", finishReason: "stop", model: "fake" });
  expect(await backend.generate(request)).toMatchObject({ text: "two", reasoning: "hm" });
  expect(await backend.stream(request).result).toMatchObject({ text: "two" });
  expect(backend.requests).toEqual([request, request, request]);
});

test("throws a scripted error after the text, and reports a scripted cut as interrupted", async () => {
  const broken = new Error("broken");
  const backend = new FakeInferenceBackend({
    replies: [
      { text: "half an", error: broken },
      { text: "half an", cut: true },
    ],
  });
  await expect(backend.generate(request)).rejects.toBe(broken);
  await expect(backend.generate(request)).rejects.toMatchObject({
    kind: "interrupted",
    partial: { text: "half an" },
  });
});
