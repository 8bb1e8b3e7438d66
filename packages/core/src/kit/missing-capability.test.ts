import { expect, test } from "vitest";
import type { GenerateRequest } from "../spec/generate-request.ts";
import type { ModelCapabilities } from "../spec/inference-backend.ts";
import { missingCapability } from "./missing-capability.ts";

const messages: GenerateRequest["messages"] = [{ role: "user", content: "Hi" }];
const tools = [{ name: "now", parameters: { type: "object" } }];
const plain: ModelCapabilities = { model: "m", vision: false, jsonSchema: false, countsTokens: false };
const able: ModelCapabilities = {
  ...plain,
  vision: true,
  jsonSchema: true,
  grammars: ["regex"],
  tools: true,
  namedToolChoice: true,
  logprobs: true,
  adapters: true,
};
const image = { type: "image" as const, image: { mediaType: "image/png", data: new Uint8Array(1) } };

test.each<readonly [string, GenerateRequest]>([
  ["vision", { messages: [{ role: "user", content: [image] }] }],
  ["jsonSchema", { messages, jsonSchema: {} }],
  ["grammars", { messages, grammar: { syntax: "regex", pattern: "a" } }],
  ["tools", { messages, tools }],
  ["tools", { messages: [{ role: "tool", toolCallId: "1", content: "noon" }] }],
  ["logprobs", { messages, logprobs: 0 }],
  ["adapters", { messages, adapter: "law" }],
])("returns %s if it is missing, and undefined if the model has it", (capability, request) => {
  expect(missingCapability(request, plain)).toBe(capability);
  expect(missingCapability(request, able)).toBeUndefined();
});

test("requires named tool choice for a named tool, and the syntax of the grammar", () => {
  const named = { messages, tools, toolChoice: { name: "now" } };
  expect(missingCapability(named, { ...plain, tools: true })).toBe("namedToolChoice");
  expect(missingCapability({ messages, grammar: { syntax: "choice", choices: ["a"] } }, able)).toBe(
    "grammars",
  );
});
