import { expect, test } from "vitest";
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

for (const [kind, create] of [["without capabilities", plain] as const, ["with all of them", able] as const])
  for (const { name, run } of inferenceBackendContract(() => Promise.resolve(create())))
    test(`a fake ${kind} ${name}`, run);

test("replies come in order, the last one again and again, and every request is remembered", async () => {
  const backend = new FakeInferenceBackend({ replies: ["one", { text: "two", reasoning: "hm" }] });
  expect(await backend.generate(request)).toEqual({ text: "one", finishReason: "stop", model: "fake" });
  expect(await backend.generate(request)).toMatchObject({ text: "two", reasoning: "hm" });
  expect(await backend.stream(request).result).toMatchObject({ text: "two" });
  expect(backend.requests).toEqual([request, request, request]);
});

test("a scripted error comes after the scripted text; a scripted cut is an interruption", async () => {
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
